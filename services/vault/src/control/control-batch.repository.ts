import type { DurablePool } from '@mnv/service-kit';
import { durably } from '@mnv/service-kit';
import { decodeControlEntry } from '@mnv/protocol';
import type { Edge, StoredBatch } from '@mnv/transparency-log';
import {
  appendLeaves,
  decodeEntryBundle,
  edgeFromBytes,
  edgeToBytes,
  leafHash,
  rootOf,
} from '@mnv/transparency-log';
import type { Kysely } from 'kysely';
import type { VaultDatabase } from '../database.ts';
import type { HeldJob } from '../epoch/epoch-job.ts';
import type { ControlBatch, ControlHead } from './control-head.ts';
import { digestOf } from './control-head.ts';

/**
 * The batch before is read back by the server in the same statement: a checkpoint over leaves that are no
 * longer stored as they were hashed would end the log. An entry of a job's runner is stored only while it holds
 * the job: whoever takes the job over or aborts it changes the row that is locked here until this has committed.
 */
const INSERT = {
  name: 'insert-control-batch',
  text: `insert into control_batch (start, n, entries, root, checkpoint, edge)
    select $1::bigint, $2::integer, $3::bytea, $4::bytea, $5::text, $6::bytea
     where ($1::bigint = 0 or $8::bytea = (
       select sha256(before.entries) from control_batch before
        where before.start = $7::bigint and before.start + before.n = $1::bigint))
       and ($9::integer is null or exists (
         select from epoch_job where epoch = $9 and fence = $10::bigint and state = $11::text for share))
    on conflict do nothing`,
};

/**
 * Inserts a batch durably; false when its start was taken by somebody, the batch before it does not read back as
 * it was hashed, or the job is not held any more: then nothing was stored.
 * @throws IndeterminateError when it is not certain what was stored
 */
export async function insertBatch(
  pool: DurablePool,
  {
    batch,
    checkpoint,
    job,
  }: { batch: ControlBatch; checkpoint: string; job?: HeldJob | undefined },
  deadlineMs: number,
): Promise<boolean> {
  const { start, n, bundle, root, before, after } = batch;
  const edge = Buffer.from(edgeToBytes(after.edge));
  const values = [start, n, bundle, Buffer.from(root), checkpoint, edge];
  const conditions = [before?.start, before?.digest, job?.epoch, job?.fence, job?.state];
  const statement = { ...INSERT, values: [...values, ...conditions] };
  return (await durably(pool, statement, deadlineMs)).rowCount === 1;
}

/** Whether the batch at a start has this digest; undefined when no batch begins there. */
export async function isStored(
  db: Kysely<VaultDatabase>,
  { start, digest }: { start: number; digest: Buffer },
): Promise<boolean | undefined> {
  const row = await db
    .selectFrom('control_batch')
    .select('entries')
    .where('start', '=', String(start))
    .executeTakeFirst();
  return row && digestOf(row.entries).equals(digest);
}

/**
 * Makes durable whatever this connection can see: a commit is flushed (and replicated) behind all that was
 * written before it, and this one writes a message nobody reads. What an attempt with a lost answer left
 * visible may not be durable yet.
 * @throws IndeterminateError
 */
export async function flush(pool: DurablePool, deadlineMs: number): Promise<void> {
  const text = "select pg_logical_emit_message(true, 'mnv-control', '')";
  await durably(pool, { name: 'flush-control-log', text, values: [] }, deadlineMs);
}

/**
 * Where the log stands. The newest batch is hashed again from what is stored, behind the edge of the one before.
 * @throws Error when it contradicts itself: nothing may be appended behind it
 */
export async function loadHead(db: Kysely<VaultDatabase>): Promise<ControlHead> {
  const newest = await newestBatch(db)
    .select(['start', 'n', 'entries', 'root', 'edge'])
    .executeTakeFirst();
  if (!newest) return { size: 0, edge: [], lastTime: 0, newest: undefined };
  const start = Number(newest.start);
  const entries = decodeEntryBundle(newest.entries);
  const last = entries.at(-1);
  const edge = appendLeaves(
    start,
    await edgeBefore(db, start),
    entries.map((entry) => leafHash(entry)),
  );
  const sound =
    last !== undefined &&
    entries.length === newest.n &&
    newest.edge.equals(edgeToBytes(edge)) &&
    newest.root.equals(rootOf(edge));
  if (!sound) throw new Error('the newest batch of the control log is corrupt');
  const kept = { start, digest: digestOf(newest.entries) };
  return { size: start + newest.n, edge, lastTime: decodeControlEntry(last).t, newest: kept };
}

/** The root over the first entries, from what is stored; undefined when there are not so many. */
export async function rootAt(
  db: Kysely<VaultDatabase>,
  size: number,
): Promise<Uint8Array | undefined> {
  const [batch] = size > 0 ? await readBatches(db, { first: size - 1, limit: 1 }) : [];
  const entries = batch?.entries.slice(0, size - batch.start) ?? [];
  if (batch === undefined || batch.start + entries.length !== size) return undefined;
  const leaves = entries.map((entry) => leafHash(entry));
  return rootOf(appendLeaves(batch.start, await edgeBefore(db, batch.start), leaves));
}

async function edgeBefore(db: Kysely<VaultDatabase>, start: number): Promise<Edge> {
  if (start === 0) return [];
  const before = await newestBatch(db)
    .select(['start', 'n', 'edge'])
    .where('start', '<', String(start))
    .executeTakeFirst();
  if (!before || Number(before.start) + before.n !== start)
    throw new Error('a batch of the control log is missing');
  return edgeFromBytes(start, before.edge);
}

/** The newest signed checkpoint, or undefined before the first entry. */
export async function newestCheckpoint(
  db: Kysely<VaultDatabase>,
): Promise<{ size: number; note: string } | undefined> {
  const newest = await newestBatch(db).select(['start', 'n', 'checkpoint']).executeTakeFirst();
  return newest && { size: Number(newest.start) + newest.n, note: newest.checkpoint };
}

/** The batches that hold the entries [first, first + limit), in order. They may hold more. */
export async function readBatches(
  db: Kysely<VaultDatabase>,
  { first, limit }: { first: number; limit: number },
): Promise<StoredBatch[]> {
  const rows = await db
    .selectFrom('control_batch')
    .select(['start', 'entries'])
    .where('start', '>=', newestBatch(db).select('start').where('start', '<=', String(first)))
    .where('start', '<', String(first + limit))
    .orderBy('start')
    .execute();
  return rows.map((row) => ({ start: Number(row.start), entries: decodeEntryBundle(row.entries) }));
}

function newestBatch(db: Kysely<VaultDatabase>) {
  return db.selectFrom('control_batch').orderBy('start', 'desc').limit(1);
}
