import type { ErasurePlan, Fence } from './erasure-plan.ts';
import type { MapHead } from './map-head.ts';
import type { TreeParts } from './node-opener.ts';
import { RADIX } from './place.ts';
import { plannedLeaves } from './planned-leaves.ts';
import { refreshMap } from './refresh-map.ts';
import { retryStale } from './retry-stale.ts';
import { UnknownTenantError } from './tenant-trees.ts';
import type { TreeStore } from './tree-store.ts';

type Items = Pick<ErasurePlan, 'items'>;

/**
 * The map head from before an erasure, in which every item can be proved LIVE until the epoch starts: leaves
 * that will lose keys take no more positions, so nothing but the epoch changes them. The positions they had
 * left are given up; there are 2^48.
 */
export async function mapHeadBefore<Tx>(
  parts: TreeParts<Tx>,
  plan: Items,
  fence: Fence<Tx>,
): Promise<MapHead> {
  for (const tenantId of plan.items.keys()) {
    await retryStale(() => closeLeaves(parts.store, { plan, tenantId }, fence));
  }
  return refreshMap(parts, fence);
}

async function closeLeaves<Tx>(
  store: TreeStore<Tx>,
  { plan, tenantId }: { plan: Items; tenantId: string },
  fence: Fence<Tx>,
): Promise<void> {
  const tenant = await store.findTenant(tenantId);
  if (tenant === undefined) throw new UnknownTenantError();
  const planned = plannedLeaves(plan);
  const open = await store.openLeaves(tenant.ordinal);
  const places = open
    .filter((index) => planned(tenantId, index).length > 0)
    .map((index) => ({ tree: tenant.ordinal, level: 0, index }));
  if (places.length === 0) return;
  await store.transaction(async (tx) => {
    await fence(tx);
    const rows = await store.lockNodes(places, tx);
    await store.updateNodes(
      rows.map((row) => ({ ...row, used: RADIX })),
      tx,
    );
  });
}
