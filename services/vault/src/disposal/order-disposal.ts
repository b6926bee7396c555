import { Refusal } from '@mnv/core';
import { APPROVALS_NEEDED, validApprovals } from './count-approvals.ts';
import type { DisposalDependencies, NamedDisposal } from './disposal-dependencies.ts';
import type { Disposal, DisposalAct, DisposalState } from './disposal.ts';
import { requireDisposal } from './require-disposal.ts';

export type OrderDisposal = (named: NamedDisposal) => Promise<{ state: DisposalState }>;

/**
 * Orders what people approved: the batch waits for the next epoch, and its records read as disposed of from
 * this transaction on. No person calls: whoever does can only do what the control log says was approved.
 * @throws Refusal `approvals-missing`, `cap-exceeded`, `disposal-closed`
 */
export function makeOrderDisposal(deps: DisposalDependencies): OrderDisposal {
  return async (named) => {
    const { batchHash, state } = await requireDisposal(named, deps);
    if (state === 'stopped') throw new Refusal('disposal-closed', 'The disposal was stopped.');
    const [requested] = await deps.findActs(named);
    const entries = await deps.entriesOfBatch(batchHash, requested?.index ?? 0);
    return deps.whileLocked(named, async (locked, steps) => {
      if (locked.state !== 'requested') return { state: locked.state };
      const approvals = requireApprovals(locked, {
        acts: await steps.findActs(),
        entries,
        now: deps.clock(),
      });
      if (locked.count > (await steps.capOfEpoch()))
        throw new Refusal('cap-exceeded', 'One epoch may not erase that many. Split the batch.');
      await steps.markOrdered(approvals);
      if ((await steps.freeze()) !== locked.count)
        throw new Error('a record of the batch could not be frozen');
      return { state: 'frozen' };
    });
  };
}

/** The approvals an order rests on, the last two that count. Throws Refusal `approvals-missing`. */
function requireApprovals(
  disposal: Disposal,
  found: { acts: DisposalAct[] } & Omit<Parameters<typeof validApprovals>[1], 'acts'>,
): number[] {
  const approvals = validApprovals(disposal, found).slice(-APPROVALS_NEEDED);
  if (approvals.length < APPROVALS_NEEDED)
    throw new Refusal(
      'approvals-missing',
      'Two other persons must approve this batch, within 14 days and after every hold.',
    );
  return approvals;
}
