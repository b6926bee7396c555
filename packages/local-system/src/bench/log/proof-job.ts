import type { Timed } from '../measurement.ts';

/** What the process that proves entries of a stored log is asked for. */
export type ProofJob =
  /** Makes a log of so many entries in the database. */
  | { kind: 'fill'; logId: string; size: number }
  /** Proves so many entries of it, one after another, each at a random place. */
  | { kind: 'prove'; logId: string; items: number }
  /** Reads so many rows by their primary key, one after another. */
  | { kind: 'read-row'; logId: string; items: number };

export type ProofAnswer = Timed;
