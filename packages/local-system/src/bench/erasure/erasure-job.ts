import type { Timed } from '../measurement.ts';

/** The key tree's epoch, or what it replaces: every record key of the tenant wrapped anew. */
export type EraserName = 'epoch' | 'rewrap-all';

export type ErasureJob =
  /** Makes tenants with so many records each. */
  | { kind: 'fill'; who: readonly EraserName[]; tenants: readonly string[]; records: number }
  /** Erases so many of a tenant's living records, spread evenly. */
  | { kind: 'erase'; who: EraserName; tenant: string; records: number };

/** How often the keys of root versions were used; nobody else does. */
export type RootUses = { seals: number; opens: number };

export type ErasureAnswer = Timed & { rootUses?: RootUses };

export type Eraser = {
  fill: (tenant: string, records: number) => Promise<void>;
  /** Times what has to be done; choosing the records is not part of it. */
  erase: (tenant: string, records: number) => Promise<ErasureAnswer>;
};
