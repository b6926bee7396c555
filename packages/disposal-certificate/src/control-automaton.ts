import type { ControlEntry } from '@mnv/protocol';
import { BatchRules } from './batch-rules.ts';
import type { ErasedBatches } from './batch-rules.ts';
import { EpochRules } from './epoch-rules.ts';
import type { LogFaultCode } from './log-fault-texts.ts';
import { RootRules } from './root-rules.ts';
import type { LoggedRoot } from './root-rules.ts';

/** Reports a rule that an entry breaks. */
export type FindFault = (code: LogFaultCode, index: number) => void;

/** Judges the entries of one control log, in order and without a gap. */
export type ControlAutomaton = {
  judge(entry: ControlEntry, index: number): void;
  /** Every root version the log has named so far, oldest first. */
  roots(): readonly LoggedRoot[];
};

/**
 * The life of root versions, epochs and batches as the control log must tell it: one epoch at a time, one flip
 * for each, on the root made for it; nothing sealed under a root that is disabled or destroyed; roots destroyed
 * oldest first, never the one in use, and only once a younger key tree was restored from a copy; batches erased
 * with two approvals of the last 14 days and no hold after them; no return to an older key tree.
 * A log does not say which batches an intent's manifest holds: those of a certificate come as `erased`.
 */
export function controlAutomaton(find: FindFault, erased?: ErasedBatches): ControlAutomaton {
  const roots = new RootRules(find);
  const epochs = new EpochRules(find, roots);
  const batches = new BatchRules(find, erased);
  return {
    judge: (entry, index) => {
      roots.judge(entry, index);
      epochs.judge(entry, index);
      batches.judge(entry, index);
    },
    roots: () => roots.all,
  };
}
