import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import { durably } from '@mnv/service-kit';
import { decodeEntry } from '@mnv/protocol';
import {
  decodeEntryBundle,
  edgeFromBytes,
  edgeToBytes,
  encodeEntryBundle,
  rootOf,
} from '@mnv/transparency-log';
import type { AccessDatabase } from '../database.ts';
import type { NewBatch } from './append-entries.ts';
import { KnownNodes } from './known-nodes.ts';
import type { LogHead } from './log-head.ts';

const INSERT = {
  name: 'insert-log-batches',
  text: `insert into log_batch (log_id, start, n, entries, root, checkpoint, edge)
    select * from unnest($1::uuid[], $2::bigint[], $3::integer[], $4::bytea[], $5::bytea[], $6::text[], $7::bytea[])
    on conflict do nothing returning log_id`,
};

/**
 * Inserts the batches in one durable statement. A log whose start was taken by another writer is not among
 * the answered ones; its batch was not stored.
 * @throws IndeterminateError when it is not certain what was stored
 */
export async function insertBatches(
  pool: Pool,
  batches: NewBatch[],
  deadlineMs: number,
): Promise<Set<string>> {
  const values = [
    batches.map((one) => one.logId),
    batches.map((one) => one.batch.start),
    batches.map((one) => one.batch.entries.length),
    batches.map((one) => encodeEntryBundle(one.batch.entries)),
    batches.map((one) => one.batch.root),
    batches.map((one) => one.checkpoint),
    batches.map((one) => edgeToBytes(one.batch.edge)),
  ];
  const result = await durably<{ log_id: string }>(pool, { ...INSERT, values }, deadlineMs);
  return new Set(result.rows.map((row) => row.log_id));
}

/** Where a log stands. Throws when its newest batch contradicts itself: nothing may be appended behind it. */
export async function loadHead(db: Kysely<AccessDatabase>, logId: string): Promise<LogHead> {
  const newest = await newestBatch(db, logId)
    .select(['start', 'n', 'entries', 'root', 'edge'])
    .executeTakeFirst();
  if (!newest) return { size: 0, edge: [], lastTime: 0, nodes: new KnownNodes(0, []) };
  const size = Number(newest.start) + newest.n;
  const edge = edgeFromBytes(size, newest.edge);
  const last = decodeEntryBundle(newest.entries).at(-1);
  if (!last || Buffer.compare(rootOf(edge), newest.root) !== 0) {
    throw new Error('the newest log batch is corrupt');
  }
  return { size, edge, lastTime: decodeEntry(last).t, nodes: new KnownNodes(size, edge) };
}

/** The newest signed checkpoint of a log, or undefined before its first entry. */
export async function newestCheckpoint(
  db: Kysely<AccessDatabase>,
  logId: string,
): Promise<{ size: number; checkpoint: string } | undefined> {
  const newest = await newestBatch(db, logId)
    .select(['start', 'n', 'checkpoint'])
    .executeTakeFirst();
  return newest && { size: Number(newest.start) + newest.n, checkpoint: newest.checkpoint };
}

/** A stored batch: its entries stand in the log from `start` on. */
export type StoredBatch = { start: number; entries: Uint8Array[] };

/** At most `limit` batches from the one that holds entry `first` on, in order. */
export async function readBatches(
  db: Kysely<AccessDatabase>,
  logId: string,
  { first, limit }: { first: number; limit: number },
): Promise<StoredBatch[]> {
  const holder = await db
    .selectFrom('log_batch')
    .select('start')
    .where('log_id', '=', logId)
    .where('start', '<=', String(first))
    .orderBy('start', 'desc')
    .limit(1)
    .executeTakeFirst();
  const rows = await db
    .selectFrom('log_batch')
    .select(['start', 'entries'])
    .where('log_id', '=', logId)
    .where('start', '>=', holder?.start ?? '0')
    .orderBy('start')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ start: Number(row.start), entries: decodeEntryBundle(row.entries) }));
}

function newestBatch(db: Kysely<AccessDatabase>, logId: string) {
  return db.selectFrom('log_batch').where('log_id', '=', logId).orderBy('start', 'desc').limit(1);
}
