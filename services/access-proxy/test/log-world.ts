import { createHash, randomUUID } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { createKysely } from '@mnv/service-kit';
import { createTestDatabase } from '@mnv/testing';
import {
  decodeEntryBundle,
  logVerifierKey,
  newLogKey,
  openCheckpoint,
} from '@mnv/transparency-log';
import { decodeEntry } from '@mnv/protocol';
import type { AccessEntry } from '@mnv/protocol';
import type pg from 'pg';
import type { AccessDatabase } from '../src/database.ts';
import type { AppendDependencies } from '../src/log/append-entries.ts';
import { LogWriter } from '../src/log/append-entries.ts';
import { insertBatches, loadHead } from '../src/log/log-batch.repository.ts';
import type { EntryDraft, LogIdentity } from '../src/log/log-head.ts';
import { newLog } from '../src/log/open-log.ts';

/** Resolves when a writer has begun so many commits. */
export async function begun(writer: { statements: number[] }, commits: number): Promise<void> {
  while (writer.statements.length < commits) await turn();
}

/** A log as it is stored, after everything about it was checked. */
export type CheckedLog = { size: number; entries: AccessEntry[]; batches: number[] };

/** An access database of its own, writers as the service's role, and a checker that shares nothing with them. */
export async function openLogWorld() {
  const database = await createTestDatabase('access');
  const pool = database.pool('access_service');
  const { privateKey } = newLogKey('test/access');

  /** A writer of its own, as in another process. */
  function writer(
    changed: Partial<AppendDependencies> & { through?: pg.Pool } = {},
  ): LogWriter & { doubts: unknown[]; statements: number[] } {
    const { through = pool, ...deps } = changed;
    const doubts: unknown[] = [];
    const statements: number[] = [];
    const made = new LogWriter({
      loadHead: (logId) => loadHead(createKysely<AccessDatabase>(through), logId),
      insertBatches: (batches, deadlineMs) => {
        statements.push(batches.reduce((sum, one) => sum + one.batch.entries.length, 0));
        return insertBatches(through, batches, deadlineMs);
      },
      reportDoubt: (error) => void doubts.push(error),
      signingKey: privateKey,
      clock: Date.now,
      ...deps,
    });
    return Object.assign(made, { doubts, statements });
  }

  /** Reads a log back and checks every batch, entry and checkpoint of it against a naive tree. */
  async function checked({ logId, origin }: LogIdentity): Promise<CheckedLog> {
    const { rows } = await pool.query<BatchRow>(
      'select start, n, entries, root, checkpoint from log_batch where log_id = $1 order by start',
      [logId],
    );
    const vkey = logVerifierKey(origin, privateKey);
    const leaves: Buffer[] = [];
    const entries: AccessEntry[] = [];
    for (const row of rows) {
      const bundle = decodeEntryBundle(row.entries, row.n);
      must(Number(row.start) === leaves.length, 'a batch starts where the one before ends');
      leaves.push(...bundle.map((bytes) => sha256(Buffer.from([0]), bytes)));
      entries.push(...bundle.map((bytes) => decodeEntry(bytes)));
      const { size, root } = openCheckpoint(row.checkpoint, vkey, origin);
      must(size === leaves.length, 'the checkpoint has the size of the log');
      must(
        naiveRoot(leaves).equals(root) && row.root.equals(root),
        'the root is that of the entries',
      );
    }
    const times = entries.map((entry) => entry.t);
    must(
      times.every((time, at) => time >= (times[at - 1] ?? 0)),
      'time never decreases',
    );
    return { size: leaves.length, entries, batches: rows.map((row) => row.n) };
  }

  return { database, pool, writer, checked, makeLog: (): LogIdentity => newLog('test') };
}

export type LogWorld = Awaited<ReturnType<typeof openLogWorld>>;

type BatchRow = { start: string; n: number; entries: Buffer; root: Buffer; checkpoint: string };

/** Drafts of one request, which share its id. */
export function aRequest(n: number, k: 'intent' | 'act' = 'intent'): EntryDraft[] {
  const rid = randomUUID();
  const none = { iss: '', sub: '', act: '', x5t: '', tok: '', rqh: '', pur: '', case: '' };
  const asked = { k, rid, ten: 't-001', op: 'disclose', pol: 'p1', dec: 'allow', cnt: 1 };
  return Array.from({ length: n }, () => ({ ...none, ...asked, rec: randomUUID() }));
}

/** RFC 6962 §2.1, as it is written there. */
export function naiveRoot(leaves: readonly Buffer[]): Buffer {
  const [only] = leaves;
  if (only === undefined) return sha256();
  if (leaves.length === 1) return only;
  const left = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return sha256(Buffer.from([1]), naiveRoot(leaves.slice(0, left)), naiveRoot(leaves.slice(left)));
}

export function sha256(...parts: Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`the log is not sound: ${what}`);
}
