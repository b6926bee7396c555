import { createKysely, createPool } from '@mnv/service-kit';
import type { Kysely } from 'kysely';
import { batchLedger } from './log-batches.repository.ts';
import type { LogLedger } from './log-ledger.ts';
import { PATIENCE } from './patience.ts';
import { segmentLedger } from './log-segments.repository.ts';
import type { LogTables } from './log-tables.ts';
import { logReads } from './stored-logs.repository.ts';

/** The tables the role `access_archiver` may touch. */
export type ArchiverDatabase = LogTables & { tenant: { log_id: string; origin: string } };

/** Connects as the archiver. Throws StartupError for an address it would be unsafe to use. */
export function openLedger(place: { connectionString: string; caFile?: string | undefined }): {
  ledger: LogLedger;
  close(): Promise<void>;
} {
  const setting = 'the database address';
  const applicationName = 'access-archiver';
  const pool = createPool({
    ...place,
    ...PATIENCE,
    setting,
    max: 4,
    applicationName,
  });
  const db = createKysely<ArchiverDatabase>(pool);
  return { ledger: ledgerOver(db), close: () => pool.end() };
}

/** The ledger over any connection whose role may do what is asked of it. */
export function ledgerOver(db: Kysely<ArchiverDatabase>): LogLedger {
  return { ...logReads(db), ...batchLedger(db), ...segmentLedger(db) };
}
