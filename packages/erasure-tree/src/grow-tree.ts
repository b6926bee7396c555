import { draftNode, putHash, putSecret, sealFresh } from './fresh-node.ts';
import { openLocked, resealed } from './locked-node.ts';
import type { TreeParts } from './node-opener.ts';
import { secretAt } from './opened-nodes.ts';
import { MAX_HEIGHT, RADIX, tenantPlace } from './place.ts';
import type { TenantTree } from './place.ts';
import type { TakenLeaves, TreeNode } from './tree-store.ts';
import { UnopenableError } from './unopenable-error.ts';

/** Puts new tops above the old one until the taken leaves fit. The tenant's row is locked by the taking. */
export async function growTree<Tx>(
  parts: TreeParts<Tx>,
  { taken, count }: { taken: TakenLeaves; count: number },
  tx: Tx,
): Promise<TenantTree> {
  let tenant = taken.tenant;
  while (!fits(tenant, taken.first + count)) tenant = await addTop(parts, tenant, tx);
  return tenant;
}

/** Whether a tree of this height has room for so many leaves. */
export function fits({ height }: TenantTree, leaves: number): boolean {
  return leaves <= RADIX ** (height - 1);
}

/**
 * The new top holds the old top's key and takes over its epoch: while an epoch runs, a top over a node not
 * yet re-keyed is itself still to be re-keyed. The lock of the tenant node keeps an epoch from re-keying
 * the old top meanwhile.
 */
async function addTop<Tx>(parts: TreeParts<Tx>, tenant: TenantTree, tx: Tx): Promise<TenantTree> {
  if (tenant.height >= MAX_HEIGHT) throw new RangeError('the key tree of the tenant is full');
  const { store } = parts;
  const holder = only(await store.lockNodes([tenantPlace(tenant.ordinal)], tx));
  const open = await openLocked(parts, holder, { tenant, tx });
  const level = tenant.height;
  const old = only(
    await store.readNodes([{ tree: tenant.ordinal, level: level - 1, index: 0 }], tx),
  );
  const top = draftNode({ tree: tenant.ordinal, level, index: 0 });
  putSecret(top.secrets, 0, secretAt(open.secrets, 0));
  if (old.merkleHash) putHash(top.slotHashes, 0, old.merkleHash);
  putSecret(open.secrets, 0, top.key);
  const grown = { ...tenant, height: tenant.height + 1 };
  await store.insertNodes([sealFresh(parts, top, { tenant, epoch: old.epoch, used: 0 })], tx);
  await store.updateNodes([resealed(parts, holder, { ...open, tenant })], tx);
  await store.setHeight(grown, tx);
  parts.opened.put(holder.place, open.secrets);
  parts.opened.put(top.place, top.secrets);
  return grown;
}

function only(rows: TreeNode[]): TreeNode {
  const [row] = rows;
  if (row === undefined) throw new UnopenableError();
  return row;
}
