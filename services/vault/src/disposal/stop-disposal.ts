import type { DisposalDependencies, NamedDisposal } from './disposal-dependencies.ts';
import type { DisposalState } from './disposal.ts';
import { requireDisposal, requireReversible } from './require-disposal.ts';

export type StopDisposal = (
  named: NamedDisposal,
) => Promise<{ state: DisposalState; stoppedIndex: number }>;

/**
 * Ends a batch before its first key is dropped; its records read again. The effect comes before its entry, as
 * with a hold; a repeat makes up for an entry that a crash left out.
 * @throws Refusal `too-late`
 */
export function makeStopDisposal(deps: DisposalDependencies): StopDisposal {
  return async (named) => {
    const { batchHash: batch, state, stoppedIndex } = await requireDisposal(named, deps);
    if (stoppedIndex !== undefined) return { state: 'stopped', stoppedIndex };
    if (state !== 'stopped')
      await deps.whileLocked(named, async (locked, steps) => {
        requireReversible(locked);
        await steps.withdraw();
        await steps.markStopped();
        await steps.closeItems();
      });
    const index = await deps.record({ op: 'disposal.stopped', batch });
    await deps.keepStoppedIndex(named.disposalId, index);
    return { state: 'stopped', stoppedIndex: index };
  };
}
