import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import { logReads } from '@mnv/log-archive';
import { durably, packBytes } from '@mnv/service-kit';
import { decodeEntry } from '@mnv/protocol';
import type { Edge } from '@mnv/transparency-log';
import {
  appendLeaves,
  decodeEntryBundle,
  edgeFromBytes,
  edgeNodesOf,
  edgeToBytes,
  leafHash,
  rootOf,
  storedTiles,
} from '@mnv/transparency-log';
import type { AccessDatabase } from '../database.ts';
import type { NewBatch } from './append-entries.ts';
import { KnownNodes } from './known-nodes.ts';
import type { LogHead } from './log-head.ts';
import { digestOf } from './log-head.ts';

const NOTHING = new Uint8Array(0);

/**
 * The batch before is read back by the server in the same statement: a checkpoint over leaves that are no
 * longer stored as they were hashed would end the log (a flipped bit cannot be inverted out of a root).
 */
const INSERT = {
  name: 'insert-log-batches',
  text: `insert into log_batch (log_id, start, n, entries, root, checkpoint, edge)
    select added.log_id, added.start, n, substr($1::bytea, entries_at, entries_length),
           substr($1, root_at, root_length), checkpoint, substr($1, edge_at, edge_length)
      from unnest($2::uuid[], $3::bigint[], $4::integer[], $5::text[], $6::bigint[],
                  $7::integer[], $8::integer[], $9::integer[], $10::integer[],
                  $11::integer[], $12::integer[], $13::integer[], $14::integer[])
           as added (log_id, start, n, checkpoint, before_start, entries_at, entries_length,
                     root_at, root_length, edge_at, edge_length, digest_at, digest_length)
     where added.start = 0 or substr($1, digest_at, digest_length) = (
       select sha256(before.entries) from log_batch before
        where before.log_id = added.log_id and before.start = added.before_start
          and before.start + before.n = added.start)
    on conflict do nothing returning log_id`,
};

/**
 * Inserts the batches in one durable statement. A log whose start was taken by another writer, or whose newest
 * batch does not read back as it was hashed, is not among the answered ones; its batch was not stored.
 * @throws IndeterminateError when it is not certain what was stored
 */
export async function insertBatches(
  pool: Pool,
  batches: NewBatch[],
  deadlineMs: number,
): Promise<Set<string>> {
  const entries = batches.map((one) => one.batch.bundle);
  const roots = batches.map((one) => one.batch.root);
  const edges = batches.map((one) => edgeToBytes(one.batch.edge));
  const digests = batches.map((one) => one.batch.before?.digest ?? NOTHING);
  const packed = packBytes([entries, roots, edges, digests]);
  const values = [
    packed.bytes,
    batches.map((one) => one.logId),
    batches.map((one) => one.batch.start),
    batches.map((one) => one.batch.entries.length),
    batches.map((one) => one.checkpoint),
    batches.map((one) => one.batch.before?.start),
    ...packed.places.flatMap(({ at, lengths }) => [at, lengths]),
  ];
  const result = await durably<{ log_id: string }>(pool, { ...INSERT, values }, deadlineMs);
  return new Set(result.rows.map((row) => row.log_id));
}

/**
 * Where a log stands. The newest batch is hashed again from what is stored, behind the edge of the one before.
 * @throws Error when it contradicts itself: nothing may be appended behind it
 */
export async function loadHead(db: Kysely<AccessDatabase>, logId: string): Promise<LogHead> {
  const newest = await newestBatch(db, logId)
    .select(['start', 'n', 'entries', 'root', 'edge'])
    .executeTakeFirst();
  if (!newest)
    return { size: 0, edge: [], lastTime: 0, nodes: new KnownNodes(0, []), newest: undefined };
  const start = Number(newest.start);
  const before = (await edgeAt(db, logId, start)) ?? (await edgeFromTiles(db, logId, start));
  const entries = decodeEntryBundle(newest.entries);
  const nodes = new KnownNodes(start, before);
  const edge = appendLeaves(start, before, leafHashes(entries), (level, index, hash) =>
    nodes.add(level, index, hash),
  );
  const last = entries.at(-1);
  const sound =
    last !== undefined &&
    entries.length === newest.n &&
    newest.edge.equals(edgeToBytes(edge)) &&
    newest.root.equals(rootOf(edge));
  if (!sound) throw new Error('the newest log batch is corrupt');
  const size = start + newest.n;
  const kept = { start, digest: digestOf(newest.entries) };
  return { size, edge, lastTime: decodeEntry(last).t, nodes, newest: kept };
}

/**
 * The edge of the tree at `size`, where a batch ends; undefined when that batch, and so every one before it, left
 * the database.
 * @throws RangeError when no batch ends there
 */
export async function edgeAt(
  db: Kysely<AccessDatabase>,
  logId: string,
  size: number,
): Promise<Edge | undefined> {
  if (size === 0) return [];
  const last = await newestBatch(db, logId)
    .select(['start', 'n', 'edge'])
    .where('start', '<', String(size))
    .executeTakeFirst();
  if (!last) return undefined;
  if (Number(last.start) + last.n !== size) throw new RangeError('no batch of the log ends there');
  return edgeFromBytes(size, last.edge);
}

/** The same from the hash tiles, which stay when entries leave. */
async function edgeFromTiles(
  db: Kysely<AccessDatabase>,
  logId: string,
  size: number,
): Promise<Edge> {
  const { tilesOf, readBatches } = logReads(db);
  const { readNodes } = storedTiles(tilesOf(logId), (range) => readBatches(logId, range));
  return readNodes(edgeNodesOf(size));
}

function leafHashes(entries: readonly Uint8Array[]): Uint8Array[] {
  return entries.map((entry) => leafHash(entry));
}

function newestBatch(db: Kysely<AccessDatabase>, logId: string) {
  return db.selectFrom('log_batch').where('log_id', '=', logId).orderBy('start', 'desc').limit(1);
}
