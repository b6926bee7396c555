import type { Timed } from '../measurement.ts';

/** The log as the access proxy writes it, two such logs of different size, and the two ways it replaces. */
export type AppenderName = 'log-writer' | 'small-log' | 'large-log' | 'audit-row' | 'hash-chain';

/** So many callers, each appending so many entries at a time, until all have been appended. */
export type AppendJob = { who: AppenderName; callers: number; atOnce: number; items: number };
export type AppendAnswer = Timed;

/** Appends entries; they are durable when it resolves. */
export type Append = (entries: number) => Promise<unknown>;
