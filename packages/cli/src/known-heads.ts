import type { Checkpoint } from '@mnv/transparency-log';
import { CommandError } from './command.ts';
import type { Findings } from './log-findings.ts';

/** Judges the root of a growing tree at the sizes of checkpoints that were seen before. */
export type KnownHeads = {
  /** Ascending, each within the log. */
  sizes: number[];
  judge(size: number, root: Uint8Array | undefined): void;
};

/**
 * Checkpoints seen earlier must be of this log, on its one history, and not beyond it: a log never shrinks.
 * @throws CommandError for one of another log
 */
export function makeKnownHeads(
  known: readonly (Checkpoint | undefined)[],
  checkpoint: Checkpoint,
  findings: Findings,
): KnownHeads {
  const heads = known.filter((one) => one !== undefined).filter(({ size }) => size > 0);
  if (heads.some(({ origin }) => origin !== checkpoint.origin))
    throw new CommandError('The known checkpoint is of another log.');
  for (const { size } of heads.filter((one) => one.size > checkpoint.size)) {
    const detail = `A checkpoint of ${size} entries was seen before: entries were cut off, or this copy is older.`;
    findings.add({ code: 'known-checkpoint-ahead', index: checkpoint.size, detail });
  }
  const within = heads.filter(({ size }) => size <= checkpoint.size);
  return {
    sizes: [...new Set(within.map(({ size }) => size))].sort((a, b) => a - b),
    judge: (size, root) => {
      for (const head of within.filter((one) => one.size === size)) {
        if (root === undefined || Buffer.compare(root, head.root) === 0) continue;
        const detail = 'An earlier checkpoint has another root: history was rewritten.';
        findings.add({ code: 'known-checkpoint-contradicted', index: size, detail });
      }
    },
  };
}
