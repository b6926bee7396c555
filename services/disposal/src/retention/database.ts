import type { Kysely, Transaction } from 'kysely';
import type { DisposalDatabase } from '../database.ts';

/**
 * The database as retention uses it: its statements are written out, typed by the rows they name. What a
 * statement may touch is decided by grants and row security.
 */
export type RetentionDatabase = Kysely<object>;
export type RetentionTransaction = Transaction<object>;

/** The same database. Its tables of disposals have types of their own; those of retention have none. */
export function retentionDatabase(db: Kysely<DisposalDatabase>): RetentionDatabase {
  return db as unknown as RetentionDatabase;
}
