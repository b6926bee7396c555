import { fillSlots } from './fill-slots.ts';
import type { Allocation } from './fill-slots.ts';
import { draftNode, putSecret, sealFresh } from './fresh-node.ts';
import type { Draft } from './fresh-node.ts';
import { fits, growTree } from './grow-tree.ts';
import { openLocked, resealed } from './locked-node.ts';
import type { TreeParts } from './node-opener.ts';
import { RADIX, parentSlot, placeKey, tenantPlace } from './place.ts';
import type { Place, TenantTree } from './place.ts';
import type { TakenLeaves, TreeNode } from './tree-store.ts';
import { UnopenableError } from './unopenable-error.ts';

type Filled = { readonly draft: Draft; readonly used: number; readonly allocations: Allocation[] };

/** Takes whole new leaves for `count` positions; the last one may stay open. */
export async function newLeaves<Tx>(
  parts: TreeParts<Tx>,
  { tenantId, count }: { tenantId: string; count: number },
  tx: Tx,
): Promise<Allocation[]> {
  const { store } = parts;
  const leaves = Math.ceil(count / RADIX);
  const taken = await store.takeLeaves({ tenantId, count: leaves }, tx);
  await lockForGrowth(parts, { taken, count: leaves }, tx);
  const tenant = await growTree(parts, { taken, count: leaves }, tx);
  const filled = Array.from({ length: leaves }, (_, at) =>
    fillLeaf(tenant, { leaf: taken.first + at, count: Math.min(RADIX, count - at * RADIX) }),
  );
  const drafts = filled.map(({ draft }) => draft);
  const parents = await attachLevels(parts, { tenant, drafts }, tx);
  const epoch = taken.epoch;
  const rows = filled.map(({ draft, used }) => sealFresh(parts, draft, { tenant, epoch, used }));
  const inner = parents.map((draft) => sealFresh(parts, draft, { tenant, epoch, used: 0 }));
  await store.insertNodes([...rows, ...inner], tx);
  return filled.flatMap(({ allocations }) => allocations);
}

/** Growth locks the tenant node, which comes after the parents in the order of locks: so they go first. */
async function lockForGrowth<Tx>(
  { store }: TreeParts<Tx>,
  { taken, count }: { taken: TakenLeaves; count: number },
  tx: Tx,
): Promise<void> {
  const { tenant, first } = taken;
  if (fits(tenant, first + count)) return;
  const places = Array.from({ length: tenant.height - 1 }, (_, below) => {
    const level = below + 1;
    const reach = RADIX ** level;
    const from = Math.floor(first / reach);
    const length = Math.floor((first + count - 1) / reach) - from + 1;
    return Array.from({ length }, (__, at) => ({ tree: tenant.ordinal, level, index: from + at }));
  });
  await store.lockNodes([...places.flat(), tenantPlace(tenant.ordinal)], tx);
}

function fillLeaf(tenant: TenantTree, slots: { leaf: number; count: number }): Filled {
  const draft = draftNode({ tree: tenant.ordinal, level: 0, index: slots.leaf });
  const { secrets, slotHashes } = draft;
  const leaf = { tenantId: tenant.tenantId, leaf: slots.leaf, secrets, slotHashes };
  return {
    draft,
    used: slots.count,
    allocations: fillSlots(leaf, { from: 0, count: slots.count }),
  };
}

type Level = { readonly tenant: TenantTree; readonly drafts: readonly Draft[] };

/**
 * Level by level upwards: parents that exist are sealed anew under their own key, others become drafts. The
 * slot hashes of a parent that exists stay as they are: only a refresh changes them, so that a published map
 * head can be proved whatever is inserted.
 */
async function attachLevels<Tx>(parts: TreeParts<Tx>, level: Level, tx: Tx): Promise<Draft[]> {
  if (level.drafts.length === 0) return [];
  const groups = byParent(level);
  const rows = await parts.store.lockNodes(
    [...groups.values()].map(({ place }) => place),
    tx,
  );
  const present = new Map(rows.map((row) => [placeKey(row.place), row]));
  const fresh: Draft[] = [];
  const updated: TreeNode[] = [];
  for (const [key, group] of groups) {
    const row = present.get(key);
    if (row) updated.push(await addChildren(parts, { row, group, tenant: level.tenant }, tx));
    else fresh.push(draftParent(group));
  }
  await parts.store.updateNodes(updated, tx);
  return [...fresh, ...(await attachLevels(parts, { tenant: level.tenant, drafts: fresh }, tx))];
}

type Child = { readonly slot: number; readonly key: Buffer };
type Group = { readonly place: Place; readonly children: Child[] };

function byParent({ tenant, drafts }: Level): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const { place, key } of drafts) {
    const parent = parentSlot(place, tenant);
    if (parent === undefined) throw new UnopenableError();
    const id = placeKey(parent.place);
    const group = groups.get(id) ?? { place: parent.place, children: [] };
    group.children.push({ slot: parent.slot, key });
    groups.set(id, group);
  }
  return groups;
}

function draftParent({ place, children }: Group): Draft {
  const parent = draftNode(place);
  for (const { slot, key } of children) putSecret(parent.secrets, slot, key);
  return parent;
}

async function addChildren<Tx>(
  parts: TreeParts<Tx>,
  { row, group, tenant }: { row: TreeNode; group: Group; tenant: TenantTree },
  tx: Tx,
): Promise<TreeNode> {
  const open = await openLocked(parts, row, { tenant, tx });
  for (const { slot, key } of group.children) putSecret(open.secrets, slot, key);
  const sealed = resealed(parts, row, { ...open, tenant });
  parts.opened.put(row.place, open.secrets);
  open.secrets.fill(0);
  return sealed;
}
