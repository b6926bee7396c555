import { APPROVALS_NEEDED, validApprovals } from '../disposal/count-approvals.ts';
import type { EpochDependencies } from './epoch-dependencies.ts';
import type { EpochBatch } from './epoch-job.ts';

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

/** Approvals may have become too old in the queue: such a batch is taken out of it. */
export async function stillApproved(
  batches: EpochBatch[],
  deps: EpochDependencies,
): Promise<EpochBatch[]> {
  if (batches.length === 0) return [];
  const acts = await Promise.all(batches.map((batch) => deps.findActs(batch)));
  const from = Math.min(...acts.flat().map(({ index }) => index));
  const entries = await deps.entriesProven(from);
  const approved: EpochBatch[] = [];
  for (const [at, batch] of batches.entries()) {
    const found = { acts: acts[at] ?? [], entries, now: deps.clock() };
    const valid = validApprovals(batch, found);
    const stands =
      batch.approvals.length === APPROVALS_NEEDED &&
      batch.approvals.every((index) => valid.includes(index));
    if (stands) approved.push(batch);
    else {
      await deps.withdraw(batch);
      deps.report('a batch is no longer approved', { jobId: batch.disposalId });
    }
  }
  return approved;
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
