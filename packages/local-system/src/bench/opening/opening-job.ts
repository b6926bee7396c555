import type { Timed } from '../measurement.ts';

/** Which records make a batch: as they were stored, or from all over the tenant. */
export type Spread = 'stored-together' | 'scattered';

/** What the process that opens sealed numbers is asked for. */
export type OpeningJob =
  /** Makes a tenant of so many records. */
  | { kind: 'fill'; records: number }
  /** Opens so many in batches as the vault does, its key tree in the database. */
  | { kind: 'open'; spread: Spread; items: number }
  /** Opens as many blocks of the same size, each under a key of its own, with all keys at hand. */
  | { kind: 'plain-aes'; items: number };

export type OpeningAnswer = Timed;
