import { destroyOrphans } from './destroy-orphans.ts';
import type { EpochDependencies } from './epoch-dependencies.ts';
import type { EpochBatch } from './epoch-job.ts';
import { stillApproved } from './still-approved.ts';

/**
 * Opens the next epoch when something waits for one: ordered batches first, of each tenant as many as its cap
 * lets; the others wait for the epoch after. Its number is larger than any used, so that the label of its root
 * version is new. Answers whether there is a job now.
 */
export async function planEpoch(deps: EpochDependencies): Promise<boolean> {
  const batches = withinCap(
    await stillApproved(await deps.findWaiting(), deps),
    await capsOf(deps),
  );
  if (batches.length === 0 && !(await deps.hasWaitingRotation())) return false;
  // Once there is a newer epoch, the fence believes no such root version to be of this database.
  await destroyOrphans(deps);
  const head = await deps.tree.parts.store.readHead();
  if (head === undefined) throw new Error('there is no key tree');
  return deps.openJob({
    epoch: Math.max(head.epoch, await deps.newestEpoch()) + 1,
    kind: batches.length > 0 ? 'erasure' : 'rotation',
    logFrom: await deps.sizeOfLog(),
    rootFrom: head.rootRef,
    disposalIds: batches.map(({ disposalId }) => disposalId),
  });
}

async function capsOf(deps: EpochDependencies): Promise<Map<string, number>> {
  const caps = new Map<string, number>();
  for (const { tenantId } of await deps.findWaiting())
    if (!caps.has(tenantId)) caps.set(tenantId, await deps.capOf(tenantId));
  return caps;
}

function withinCap(batches: EpochBatch[], caps: ReadonlyMap<string, number>): EpochBatch[] {
  const taken = new Map<string, number>();
  return batches.filter(({ tenantId, count }) => {
    const sum = (taken.get(tenantId) ?? 0) + count;
    if (sum > (caps.get(tenantId) ?? 0)) return false;
    taken.set(tenantId, sum);
    return true;
  });
}
