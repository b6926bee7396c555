import type { Timed } from '../measurement.ts';

/** What the process that verifies a log from files is asked for. */
export type VerifyJob =
  /** Writes a log of so many entries into a directory. */
  | { kind: 'write'; size: number }
  /** Reads it whole: as `mynumber verify log` does, or as the baselines do. */
  | { kind: 'verify' }
  | { kind: 'parse' }
  | { kind: 'hash-chain' };

export type VerifyAnswer = Timed;
