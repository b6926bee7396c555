import type { Kysely, Transaction } from 'kysely';

/**
 * The database as retention uses it: its statements are written out, typed by the rows they name. What a
 * statement may touch is decided by grants and row security.
 */
export type RetentionDatabase = Kysely<object>;
export type RetentionTransaction = Transaction<object>;
