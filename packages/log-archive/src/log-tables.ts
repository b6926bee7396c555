import type { ColumnType } from 'kysely';

/** bigint comes as text from pg. */
type Bigint = ColumnType<string, number | string, never>;

/** The tables in which access logs are stored, for whichever role works on them. */
export type LogTables = {
  log_batch: {
    log_id: string;
    start: Bigint;
    n: number;
    entries: Buffer;
    root: Buffer;
    checkpoint: string;
    edge: Buffer;
  };
  log_tile: { log_id: string; level: number; idx: Bigint; hashes: Buffer };
  log_segment: {
    log_id: string;
    idx: Bigint;
    root: Buffer;
    sealed_key: Buffer | null;
    first_at: Date;
    last_at: Date;
    read_back_at: ColumnType<Date | null, never, unknown>;
    key_destroyed_at: ColumnType<Date | null, never, unknown>;
  };
};
