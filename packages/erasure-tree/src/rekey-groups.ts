import { createSecretKey } from 'node:crypto';
import { keyCommitment } from './commitments.ts';
import { eraseSlots } from './erase-slots.ts';
import type { EpochHooks, ErasedSlot, ErasurePlan } from './erasure-plan.ts';
import { freshKey, putHash, putSecret } from './fresh-node.ts';
import { lockGroups } from './lock-groups.ts';
import type { LockedRows } from './lock-groups.ts';
import { openLocked, resealed } from './locked-node.ts';
import { hashOf } from './merkle64.ts';
import type { NodeGroup } from './node-groups.ts';
import { openSealed } from './node-opener.ts';
import type { TreeParts } from './node-opener.ts';
import { secretAt } from './opened-nodes.ts';
import { RADIX, parentSlot } from './place.ts';
import type { TenantTree } from './place.ts';
import type { PlannedLeaves } from './planned-leaves.ts';
import { StaleNodeError } from './tree-store.ts';
import type { TreeNode } from './tree-store.ts';

export type Rekeyed = { readonly nodes: number; readonly erased: number };

export type EpochWork<Tx> = {
  readonly plan: ErasurePlan;
  readonly planned: PlannedLeaves;
  readonly hooks: EpochHooks<Tx>;
};

/**
 * Gives children fresh keys and drops erased slots, in one small transaction. The parent is sealed under the
 * key it has: until its own turn it leads from old keys to new ones, never from new to old.
 */
export async function rekeyGroups<Tx>(
  parts: TreeParts<Tx>,
  work: EpochWork<Tx>,
  groups: readonly NodeGroup[],
): Promise<Rekeyed> {
  return parts.store.transaction(async (tx) => {
    await work.hooks.fence(tx);
    const rows = await lockGroups(parts.store, groups, tx);
    const written: TreeNode[] = [];
    const erased: ErasedSlot[] = [];
    for (const group of groups) {
      const done = await rekeyGroup(parts, { work, group, rows }, tx);
      written.push(...done.written);
      erased.push(...done.erased);
    }
    await parts.store.updateNodes(written, tx);
    if (erased.length > 0) await work.hooks.erased(erased, tx);
    return { nodes: written.length, erased: erased.length };
  });
}

type GroupWork<Tx> = {
  readonly work: EpochWork<Tx>;
  readonly group: NodeGroup;
  readonly rows: LockedRows;
};
type GroupDone = { readonly written: TreeNode[]; readonly erased: ErasedSlot[] };

async function rekeyGroup<Tx>(
  parts: TreeParts<Tx>,
  { work, group, rows }: GroupWork<Tx>,
  tx: Tx,
): Promise<GroupDone> {
  const { tenant } = group;
  const row = rows.at(group.parent);
  const open = await openLocked(parts, row, { tenant, tx });
  const parent = { secrets: open.secrets, slotHashes: Buffer.from(row.slotHashes) };
  const done: GroupDone = { written: [], erased: [] };
  for (const place of group.children) {
    const child = rows.at(place);
    if (!isBefore(child, work.plan)) continue;
    const { node, erased } = rekeyChild(parts, { work, tenant, child, parent });
    done.written.push(node);
    done.erased.push(...erased);
  }
  const changed = { ...row, slotHashes: parent.slotHashes, merkleHash: undefined };
  if (done.written.length > 0) done.written.push(resealed(parts, changed, { ...open, tenant }));
  parts.opened.put(row.place, open.secrets);
  open.secrets.fill(0);
  return done;
}

/** A node of a later epoch means two epochs at once, which no lease allows. */
function isBefore({ epoch }: TreeNode, plan: ErasurePlan): boolean {
  if (epoch > plan.epoch) throw new StaleNodeError();
  return epoch < plan.epoch;
}

type ChildWork<Tx> = {
  readonly work: EpochWork<Tx>;
  readonly tenant: TenantTree | undefined;
  readonly child: TreeNode;
  /** The parent in clear; the child's new key and hash go into its slot. */
  readonly parent: { readonly secrets: Buffer; readonly slotHashes: Buffer };
};

/** One node under a fresh key, which takes the old one's place in the parent. */
function rekeyChild<Tx>(
  parts: TreeParts<Tx>,
  { work, tenant, child, parent }: ChildWork<Tx>,
): { node: TreeNode; erased: ErasedSlot[] } {
  const { place } = child;
  const slot = parentSlot(place, tenant)?.slot ?? 0;
  const oldKey = createSecretKey(secretAt(parent.secrets, slot));
  const secrets = openSealed(parts, child, { key: oldKey, tenant });
  const slotHashes = Buffer.from(child.slotHashes);
  const erased = erasedFrom(work, { tenant, child, secrets, slotHashes });
  const raw = freshKey();
  const renewed = {
    ...child,
    slotHashes,
    epoch: work.plan.epoch,
    // Nothing joins erased slots any more: the map can be proved from the leaf as it is now.
    used: erased.length > 0 ? RADIX : child.used,
    keyGeneration: child.keyGeneration + 1,
    keyCommitment: keyCommitment(place, raw),
  };
  const hashed = { ...renewed, merkleHash: hashOf(renewed) };
  const node = resealed(parts, hashed, { key: createSecretKey(raw), secrets, tenant });
  putSecret(parent.secrets, slot, raw);
  putHash(parent.slotHashes, slot, hashed.merkleHash);
  raw.fill(0);
  secrets.fill(0);
  return { node, erased };
}

type LeafInClear = {
  readonly tenant: TenantTree | undefined;
  readonly child: TreeNode;
  readonly secrets: Buffer;
  readonly slotHashes: Buffer;
};

function erasedFrom<Tx>(
  { plan, planned }: EpochWork<Tx>,
  { tenant, child, secrets, slotHashes }: LeafInClear,
): ErasedSlot[] {
  if (tenant === undefined || child.place.level !== 0) return [];
  const { tenantId } = tenant;
  const positions = planned(tenantId, child.place.index);
  return eraseSlots({ plan, tenantId, positions, secrets, slotHashes });
}
