import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeEntry } from '@mnv/protocol';
import { createKysely } from '@mnv/service-kit';
import { createTestDatabase } from '@mnv/testing';
import {
  appendLeaves,
  edgeToBytes,
  encodeEntryBundle,
  formatCheckpoint,
  leafHash,
  newLogKey,
  noteSigner,
  parsePolicy,
  rootOf,
  signNote,
} from '@mnv/transparency-log';
import type { Edge } from '@mnv/transparency-log';
import { directoryArchive, ledgerOver } from '../src/index.ts';
import type { ArchiveRun, ArchiverDatabase } from '../src/index.ts';

export const YEAR_MS = 365 * 86_400_000;
export const BEGAN = Date.parse('2026-01-05T00:00:00Z');
/** Entries stand a second apart, in batches that fit no segment. */
const BATCH = 3_000;

/** An access database with the roles of its service and its archiver, and a directory to archive into. */
export async function openArchiveWorld() {
  const database = await createTestDatabase('access');
  const service = database.pool('access_service');
  const archiver = database.pool('access_archiver');
  const { privateKey, vkey } = newLogKey('test/access');
  const place = mkdtempSync(join(tmpdir(), 'archive-world-'));
  const archive = directoryArchive(place);
  const run = (changes: Partial<ArchiveRun> = {}): ArchiveRun => ({
    ledger: ledgerOver(createKysely<ArchiverDatabase>(archiver)),
    archive,
    archiveKey,
    policy: parsePolicy(`log ${vkey}\nquorum none\n`, { origins: 'key-name-or-below' }),
    now: BEGAN + YEAR_MS / 2,
    onlineMs: YEAR_MS,
    retentionMs: 7 * YEAR_MS,
    ...changes,
  });
  const archiveKey = createSecretKey(randomBytes(32));

  /** A tenant's log of so many entries, written as the service writes it. */
  async function writeLog(size: number): Promise<{ logId: string; origin: string }> {
    const logId = randomUUID();
    const origin = `test/access/${logId}`;
    await service.query(
      `insert into tenant (tenant_id, name, log_id, origin, created_by) values ($1, 'n', $2, $3, 'test')`,
      [`t-${logId.slice(0, 8)}`, logId, origin],
    );
    const signer = noteSigner(origin, privateKey);
    let edge: Edge = [];
    for (let start = 0; start < size; start += BATCH) {
      const count = Math.min(BATCH, size - start);
      const entries = Array.from({ length: count }, (_, at) => entryAt(start + at));
      edge = appendLeaves(start, edge, entries.map(leafHash));
      const root = rootOf(edge);
      const note = formatCheckpoint({ origin, size: start + count, root });
      await service.query(
        `insert into log_batch (log_id, start, n, entries, root, checkpoint, edge)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [
          logId,
          start,
          count,
          Buffer.from(encodeEntryBundle(entries)),
          Buffer.from(root),
          signNote(note, [signer]),
          Buffer.from(edgeToBytes(edge)),
        ],
      );
    }
    return { logId, origin };
  }

  return {
    database,
    service,
    archiver,
    archive,
    place,
    trustPolicy: `log ${vkey}\nquorum none\n`,
    run,
    writeLog,
    close: async () => {
      await database.drop();
      rmSync(place, { recursive: true, force: true });
    },
  };
}
export type ArchiveWorld = Awaited<ReturnType<typeof openArchiveWorld>>;

export function entryAt(index: number): Buffer {
  return encodeEntry({
    v: 1,
    k: 'act',
    t: BEGAN + index * 1_000,
    n: randomBytes(16).toString('base64url'),
    rid: randomUUID(),
    ten: 't-001',
    rec: '',
    op: 'view-report',
    iss: 'https://issuer',
    sub: 'officer-1',
    act: 'console',
    x5t: 'A'.repeat(43),
    tok: 'B'.repeat(43),
    rqh: '',
    pur: '',
    case: '',
    pol: '1',
    dec: 'allow',
    cnt: 1,
  });
}
