import type { Fence } from './erasure-plan.ts';
import { putHash } from './fresh-node.ts';
import { lockGroups } from './lock-groups.ts';
import type { MapHead } from './map-head.ts';
import { hashOf } from './merkle64.ts';
import { chunksOf, groupByParent } from './node-groups.ts';
import type { NodeGroup } from './node-groups.ts';
import type { TreeParts } from './node-opener.ts';
import { S_HEIGHT, S_ROOT, S_TREE, TENANT_LEVEL, parentSlot } from './place.ts';
import type { TenantTree } from './place.ts';
import { retryStale } from './retry-stale.ts';
import { StaleNodeError } from './tree-store.ts';
import type { Scan, TreeNode, TreeStore } from './tree-store.ts';

const LOOK = 1024;

/**
 * Brings the live-key map up to date and returns its head. Needs no key. Nodes that change while it runs wait
 * for the next time: the head commits to every node as it was when its hash was taken. The holder of the
 * epoch's lease alone refreshes, so a published head can be proved from the nodes until the next refresh.
 */
export function refreshMap<Tx>(parts: TreeParts<Tx>, fence: Fence<Tx>): Promise<MapHead> {
  return retryStale(async () => {
    const { store } = parts;
    const stale = new Set(await store.staleTrees());
    for (const tenant of await store.tenants()) {
      if (stale.has(tenant.ordinal)) await refreshTenant(store, tenant, fence);
    }
    for (let level = 0; level < S_HEIGHT - 1; level += 1) {
      await refreshLevel(store, { tree: S_TREE, level, tenant: undefined }, fence);
    }
    return refreshRoot(parts, fence);
  });
}

async function refreshTenant<Tx>(
  store: TreeStore<Tx>,
  { tenantId, ordinal: tree, height }: TenantTree,
  fence: Fence<Tx>,
): Promise<void> {
  const upwards = [...Array.from({ length: height }, (_, level) => level), TENANT_LEVEL];
  for (const level of upwards) {
    const tenant = await store.findTenant(tenantId);
    await refreshLevel(store, { tree, level, tenant }, fence);
  }
}

type LevelWork = Pick<Scan, 'tree' | 'level'> & { readonly tenant: TenantTree | undefined };

async function refreshLevel<Tx>(
  store: TreeStore<Tx>,
  { tree, level, tenant }: LevelWork,
  fence: Fence<Tx>,
): Promise<void> {
  for (let after = -1; ; ) {
    const places = await store.scanStale({ tree, level, after, limit: LOOK });
    const last = places.at(-1);
    if (last === undefined) return;
    for (const groups of chunksOf(groupByParent(places, tenant))) {
      await refreshGroups(store, groups, fence);
    }
    await passRefreshed(store, { tree, level, after });
    after = last.index;
  }
}

/**
 * Looks again at what is stale no more. A database drops from its index the entries it passes that nobody
 * needs; left to the next refresh, those of a whole import would be passed by one statement.
 */
async function passRefreshed<Tx>(store: TreeStore<Tx>, from: Omit<Scan, 'limit'>): Promise<void> {
  await store.scanStale({ ...from, limit: 1 });
}

/** Children get their hashes, and their parents hold them, in one transaction. */
function refreshGroups<Tx>(
  store: TreeStore<Tx>,
  groups: readonly NodeGroup[],
  fence: Fence<Tx>,
): Promise<void> {
  return store.transaction(async (tx) => {
    await fence(tx);
    const rows = await lockGroups(store, groups, tx);
    const written = groups.flatMap(({ parent, children, tenant }) => {
      const slotHashes = Buffer.from(rows.at(parent).slotHashes);
      const hashed = children.map((place): TreeNode => {
        const child = rows.at(place);
        const merkleHash = hashOf(child);
        putHash(slotHashes, parentSlot(place, tenant)?.slot ?? 0, merkleHash);
        return { ...child, merkleHash };
      });
      return [...hashed, { ...rows.at(parent), slotHashes, merkleHash: undefined }];
    });
    await store.updateNodes(written, tx);
  });
}

function refreshRoot<Tx>({ store }: TreeParts<Tx>, fence: Fence<Tx>): Promise<MapHead> {
  return store.transaction(async (tx) => {
    await fence(tx);
    const head = await store.lockHead(tx);
    const [row] = await store.lockNodes([S_ROOT], tx);
    if (head === undefined || row === undefined) throw new StaleNodeError();
    const nodeHash = row.merkleHash ?? hashOf(row);
    if (row.merkleHash === undefined) {
      await store.updateNodes([{ ...row, merkleHash: nodeHash }], tx);
    }
    const { epoch, rootRef } = head;
    return { epoch, rootRef, topKeyCommitment: row.keyCommitment, nodeHash };
  });
}
