import type { Timed } from '../measurement.ts';

/** The key tree's epoch, or what it replaces: every record key of the tenant wrapped anew. */
export type EraserName = 'epoch' | 'rewrap-all';

export type ErasureJob =
  /** Makes tenants with so many records each, for both. */
  | { kind: 'fill'; tenants: readonly string[]; records: number }
  /** Erases so many of a tenant's living records, spread evenly. */
  | { kind: 'erase'; who: EraserName; tenant: string; records: number };

export type ErasureAnswer = Timed;

export type Eraser = {
  fill: (tenant: string, records: number) => Promise<void>;
  erase: (tenant: string, records: number) => Promise<void>;
};
