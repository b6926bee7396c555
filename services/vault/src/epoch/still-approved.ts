import { APPROVALS_NEEDED, validApprovals } from '../disposal/count-approvals.ts';
import type { EpochDependencies } from './epoch-dependencies.ts';
import type { EpochBatch } from './epoch-job.ts';

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
