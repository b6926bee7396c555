import { draftNode, putSecret, sealFresh } from './fresh-node.ts';
import type { Draft } from './fresh-node.ts';
import { openLocked, resealed } from './locked-node.ts';
import type { TreeParts } from './node-opener.ts';
import { parentSlot, tenantPlace } from './place.ts';
import type { Place, TenantTree } from './place.ts';
import { UnopenableError } from './unopenable-error.ts';
import type { TreeNode } from './tree-store.ts';

/**
 * Gives a tenant its subtree: tenant node, one empty leaf, and the way up to the S-root. Idempotent.
 * The lock of the head makes additions wait for each other; the epoch's flip takes the same lock.
 */
export async function addTenant<Tx>(
  parts: TreeParts<Tx>,
  tenantId: string,
  tx: Tx,
): Promise<TenantTree> {
  const { store } = parts;
  const head = await store.lockHead(tx);
  if (head === undefined) throw new UnopenableError();
  const known = await store.findTenant(tenantId, tx);
  if (known) return known;
  const tenant = await store.insertTenant(tenantId, tx);
  const leaf = draftNode({ tree: tenant.ordinal, level: 0, index: 0 });
  const top = draftNode(tenantPlace(tenant.ordinal));
  putSecret(top.secrets, 0, leaf.key);
  const upper = await attach(parts, top, tx);
  const birth = { tenant, epoch: head.epoch, used: 0 };
  await store.insertNodes(
    [leaf, top, ...upper].map((draft) => sealFresh(parts, draft, birth)),
    tx,
  );
  return tenant;
}

/** Puts a new node's key into its parent; a parent that does not exist yet becomes a new node as well. */
async function attach<Tx>(parts: TreeParts<Tx>, child: Draft, tx: Tx): Promise<Draft[]> {
  const parent = parentSlot(child.place, undefined);
  if (parent === undefined) return [];
  const row = await lockOne(parts, parent.place, tx);
  if (row === undefined) {
    const draft = draftNode(parent.place);
    putSecret(draft.secrets, parent.slot, child.key);
    return [draft, ...(await attach(parts, draft, tx))];
  }
  const open = await openLocked(parts, row, { tenant: undefined, tx });
  putSecret(open.secrets, parent.slot, child.key);
  await parts.store.updateNodes([resealed(parts, row, { ...open, tenant: undefined })], tx);
  parts.opened.put(parent.place, open.secrets);
  return [];
}

async function lockOne<Tx>(
  { store }: TreeParts<Tx>,
  place: Place,
  tx: Tx,
): Promise<TreeNode | undefined> {
  const [row] = await store.lockNodes([place], tx);
  return row;
}
