import type { DurablePool } from '@mnv/service-kit';
import { durably } from '@mnv/service-kit';
import type { Kysely } from 'kysely';
import type { VaultDatabase } from './database.ts';
import type { LogHead } from './log-history.ts';

const ACCEPT_DEADLINE_MS = 1_000;

/** A signed tree head of a log, as it is kept. */
export type SignedHead = { origin: string; head: LogHead; note: string };

/**
 * `newest`: another instance accepted this one since, or a crash of the database lost the compared one; the head has
 * to be compared with this one first.
 */
export type Acceptance = 'accepted' | 'forked' | { newest: LogHead };

type AcceptRow = { outcome: 'accepted' | 'newest' | 'forked'; size: string; root: Buffer };

/** The newest checkpoint of a log that any instance has accepted. */
export async function findNewestAccepted(
  db: Kysely<VaultDatabase>,
  origin: string,
): Promise<LogHead | undefined> {
  const row = await db
    .selectFrom('seen_checkpoint')
    .select(['size', 'root'])
    .where('log_id', '=', origin)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { size: Number(row.size), root: row.root };
}

/**
 * Accepts a head proven consistent with the accepted one it was compared with, or says why not. Not yet durably: a
 * crash of the database may lose the head, but no release under it without it (see `releaseRecords`).
 */
export async function acceptCheckpoint(
  pool: DurablePool,
  { origin, head, note }: SignedHead,
  compared: LogHead | undefined,
): Promise<Acceptance> {
  const accept = {
    name: 'accept-checkpoint',
    text: 'select * from accept_checkpoint($1, $2, $3, $4, $5, $6)',
    values: [origin, head.size, bytesOf(head), note, compared?.size, compared && bytesOf(compared)],
  };
  const { rows } = await durably<AcceptRow>(pool, accept, ACCEPT_DEADLINE_MS);
  const [row] = rows;
  if (row?.outcome === 'newest') return { newest: { size: Number(row.size), root: row.root } };
  return row?.outcome === 'accepted' ? 'accepted' : 'forked';
}

/** Keeps the contradicting checkpoint as evidence: from then on the log releases nothing, on no instance. */
export async function stopForkedLog(
  pool: DurablePool,
  { origin, head, note }: SignedHead,
): Promise<void> {
  const stop = {
    name: 'stop-forked-log',
    text: `insert into log_fork (log_id, size, root, note) values ($1, $2, $3, $4) on conflict do nothing`,
    values: [origin, head.size, bytesOf(head), note],
  };
  await durably(pool, stop, ACCEPT_DEADLINE_MS);
}

function bytesOf({ root }: LogHead): Buffer {
  return Buffer.from(root);
}
