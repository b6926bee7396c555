import { createSecretKey } from 'node:crypto';
import { keyCommitment } from './commitments.ts';
import type { RekeyGroup } from './epoch-groups.ts';
import type { EpochHooks, ErasedSlot, ErasurePlan } from './erasure-plan.ts';
import { eraseSlots } from './erase-slots.ts';
import { freshKey, putSecret } from './fresh-node.ts';
import { openLocked, resealed } from './locked-node.ts';
import { openSealed } from './node-opener.ts';
import type { TreeParts } from './node-opener.ts';
import { secretAt } from './opened-nodes.ts';
import { comparePlaces, parentSlot, placeKey } from './place.ts';
import type { TenantTree } from './place.ts';
import { StaleNodeError } from './tree-store.ts';
import type { TreeNode } from './tree-store.ts';

export type Rekeyed = { readonly nodes: number; readonly erased: number };

export type RekeyWork<Tx> = {
  readonly plan: ErasurePlan;
  readonly hooks: EpochHooks<Tx>;
  readonly groups: readonly RekeyGroup[];
};

/**
 * Gives children fresh keys and drops erased slots, in one small transaction. The parent is sealed under the
 * key it has: until its own turn it leads from old keys to new ones, never from new to old.
 */
export async function rekeyGroups<Tx>(parts: TreeParts<Tx>, work: RekeyWork<Tx>): Promise<Rekeyed> {
  return parts.store.transaction(async (tx) => {
    await work.hooks.fence(tx);
    const rows = await lockGroups(parts, work.groups, tx);
    const written: TreeNode[] = [];
    const erased: ErasedSlot[] = [];
    for (const group of work.groups) {
      const done = await rekeyGroup(parts, { plan: work.plan, group, rows }, tx);
      written.push(...done.written);
      erased.push(...done.erased);
    }
    await parts.store.updateNodes(written, tx);
    if (erased.length > 0) await work.hooks.erased(erased, tx);
    return { nodes: written.length, erased: erased.length };
  });
}

type Rows = Map<string, TreeNode>;

/** The lock of a tenant node holds the height still; a tree that grew before it makes the runner look again. */
async function lockGroups<Tx>(
  { store }: TreeParts<Tx>,
  groups: readonly RekeyGroup[],
  tx: Tx,
): Promise<Rows> {
  const places = groups.flatMap(({ parent, children }) => [parent, ...children]);
  const rows = await store.lockNodes(places.toSorted(comparePlaces), tx);
  if (rows.length !== places.length) throw new StaleNodeError();
  const tenant = groups[0]?.tenant;
  const now = tenant && (await store.findTenant(tenant.tenantId, tx));
  if (now?.height !== tenant?.height) throw new StaleNodeError();
  return new Map(rows.map((row) => [placeKey(row.place), row]));
}

type GroupWork = { readonly plan: ErasurePlan; readonly group: RekeyGroup; readonly rows: Rows };
type GroupDone = { readonly written: TreeNode[]; readonly erased: ErasedSlot[] };

async function rekeyGroup<Tx>(
  parts: TreeParts<Tx>,
  { plan, group, rows }: GroupWork,
  tx: Tx,
): Promise<GroupDone> {
  const { tenant } = group;
  const parent = rows.get(placeKey(group.parent)) as TreeNode;
  const open = await openLocked(parts, parent, { tenant, tx });
  const written: TreeNode[] = [];
  const erased: ErasedSlot[] = [];
  for (const place of group.children) {
    const child = rows.get(placeKey(place)) as TreeNode;
    if (child.epoch >= plan.epoch) continue;
    const done = rekeyChild(parts, { plan, tenant, child, parentSecrets: open.secrets });
    written.push(done.node);
    erased.push(...done.erased);
  }
  const sealed = resealed(parts, parent, { ...open, tenant });
  parts.opened.put(parent.place, open.secrets);
  open.secrets.fill(0);
  return { written: [...written, sealed], erased };
}

type ChildWork = {
  readonly plan: ErasurePlan;
  readonly tenant: TenantTree | undefined;
  readonly child: TreeNode;
  readonly parentSecrets: Buffer;
};

/** One node under a fresh key, which takes the old one's slot in the parent's secrets. */
function rekeyChild<Tx>(
  parts: TreeParts<Tx>,
  { plan, tenant, child, parentSecrets }: ChildWork,
): { node: TreeNode; erased: ErasedSlot[] } {
  const slot = parentSlot(child.place, tenant)?.slot ?? 0;
  const oldKey = createSecretKey(secretAt(parentSecrets, slot));
  const secrets = openSealed(parts, child, { key: oldKey, tenant });
  const slotHashes = Buffer.from(child.slotHashes);
  const erased = eraseSlots({ plan, tenant, place: child.place, secrets, slotHashes });
  const raw = freshKey();
  putSecret(parentSecrets, slot, raw);
  const renewed = {
    ...child,
    slotHashes,
    epoch: plan.epoch,
    keyGeneration: child.keyGeneration + 1,
    keyCommitment: keyCommitment(child.place, raw),
    merkleHash: undefined,
  };
  const node = resealed(parts, renewed, { key: createSecretKey(raw), secrets, tenant });
  raw.fill(0);
  secrets.fill(0);
  return { node, erased };
}
