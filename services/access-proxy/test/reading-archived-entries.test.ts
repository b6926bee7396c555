import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKysely } from '@mnv/service-kit';
import { SEGMENT_ENTRIES, archiveLogs } from '@mnv/log-archive';
import {
  decodeEntryBundle,
  newLogKey,
  parseTilePath,
  verifyConsistency,
} from '@mnv/transparency-log';
import type { Kysely } from 'kysely';
import {
  BEGAN,
  YEAR_MS,
  openArchiveWorld,
} from '../../../packages/log-archive/test/archive-world.ts';
import type { ArchiveWorld } from '../../../packages/log-archive/test/archive-world.ts';
import type { AccessDatabase } from '../src/database.ts';
import { LogWriter } from '../src/log/append-entries.ts';
import { insertBatches, loadHead } from '../src/log/log-batch.repository.ts';
import { proveGrowth } from '../src/log/prove-growth.ts';
import { makeEntriesBetween } from '../src/log/read-entries.ts';
import { storedLogs } from '../src/log/stored-logs.ts';
import { aRequest, naiveRoot, sha256 } from './log-world.ts';

const SIZE = 66_000;
let world: ArchiveWorld;
let db: Kysely<AccessDatabase>;
let log: { logId: string; origin: string };
let entries: Buffer[];
let file: (path: string) => Promise<Uint8Array | undefined>;

beforeAll(async () => {
  world = await openArchiveWorld();
  db = createKysely<AccessDatabase>(world.service);
  log = await world.writeLog(SIZE);
  const { rows } = await world.service.query<{ entries: Buffer }>(
    'select entries from log_batch order by start',
  );
  entries = rows.flatMap((row) => decodeEntryBundle(row.entries)).map((one) => Buffer.from(one));
  await archiveLogs(world.run({ now: BEGAN + SIZE * 1_000 + YEAR_MS }));
  const left = await world.service.query('select start from log_batch');
  expect(left.rows).toEqual([{ start: '63000' }]);
  file = fileOf(logs());
});
afterAll(() => world.close());

const archive = () => ({ store: world.run().archive, key: world.run().archiveKey });
const logs = () => storedLogs(db, archive());
const fileOf = (stored: ReturnType<typeof logs>) => (path: string) =>
  stored.tileReaderOf(log.logId).file(parseTilePath(path)!, SIZE);
const leaf = (entry: Buffer) => sha256(Buffer.from([0]), entry);

async function reported(stored: ReturnType<typeof logs>, from: number, to: number) {
  const found: number[] = [];
  const period = { first: 0, from: BEGAN + from * 1_000, to: BEGAN + to * 1_000 };
  for await (const { index } of makeEntriesBetween(stored)(log.logId, period)) found.push(index);
  return found;
}
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

describe('a log whose old entries are in the archive', () => {
  it('is reported on without a gap, across the border', async () => {
    expect(await reported(logs(), 62_990, 63_010)).toEqual(range(62_990, 63_010));
    expect(await reported(logs(), 0, 5)).toEqual(range(0, 5));
    expect(await reported(logs(), SIZE - 3, SIZE + 9)).toEqual(range(SIZE - 3, SIZE));
  });

  it('serves its entries and hashes as before', async () => {
    const bundle = decodeEntryBundle((await file('tile/entries/100'))!);
    const partial = await file('tile/0/100.p/7');

    expect(Buffer.concat(bundle)).toEqual(Buffer.concat(entries.slice(25_600, 25_856)));
    expect(Buffer.from(partial!)).toEqual(Buffer.concat(entries.slice(25_600, 25_607).map(leaf)));
  });

  it('says of entries out of its reach that they are, and leaves none out in silence', async () => {
    const alone = storedLogs(db);

    await expect(reported(alone, 62_990, 63_010)).rejects.toMatchObject({ code: 'not-found' });
    await expect(fileOf(alone)('tile/entries/100')).rejects.toMatchObject({ code: 'not-found' });
    expect(await reported(alone, SEGMENT_ENTRIES, SEGMENT_ENTRIES + 3)).toHaveLength(3);
    expect(await fileOf(alone)('tile/0/100')).toHaveLength(8192);
  });

  it('proves its growth since a size whose batch is gone', async () => {
    const leaves = entries.map(leaf);
    for (const size1 of [3_000, 60_000]) {
      const proof = await proveGrowth(log.logId, { size1, size2: SIZE }, logs());
      const root1 = naiveRoot(leaves.slice(0, size1));
      const claim = { size1, root1, size2: SIZE, root2: naiveRoot(leaves), proof };
      expect(verifyConsistency(claim)).toBe(true);
    }
    const beyond = proveGrowth(log.logId, { size1: SIZE + 1, size2: SIZE + 2 }, logs());
    await expect(beyond).rejects.toThrow(RangeError);
  });

  it('goes on growing, although the batch before its newest is gone', async () => {
    const writer = new LogWriter({
      loadHead: (logId) => loadHead(db, logId),
      insertBatches: (batches, deadlineMs) => insertBatches(world.service, batches, deadlineMs),
      reportDoubt: (error) => expect(error).toBeUndefined(),
      signingKey: newLogKey('test/access').privateKey,
      clock: () => BEGAN + SIZE * 1_000,
    });

    const appended = await writer.append(log, aRequest(2), 'interactive');

    expect(appended.first).toBe(SIZE);
  });
});

describe('a log whose oldest entries were forgotten', () => {
  it('is reported on from there, and refuses a period that reaches further back', async () => {
    // Years later the batch that reaches over the border would be gone, and the key with it.
    const admin = world.database.pool('postgres');
    await admin.query(
      `set session_replication_role = replica;
       update access.log_segment set sealed_key = null, key_destroyed_at = now()`,
    );

    expect(await reported(logs(), SEGMENT_ENTRIES, SEGMENT_ENTRIES + 3)).toHaveLength(3);
    await expect(reported(logs(), 5, 9)).rejects.toMatchObject({ code: 'not-found' });
    await expect(file('tile/entries/000')).rejects.toMatchObject({ code: 'not-found' });
    expect(await fileOf(logs())('tile/0/000')).toHaveLength(8192);
  });
});
