import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';
import { expectForbidden } from '@mnv/testing';
import {
  consistencyProof,
  edgeNodesOf,
  inclusionProof,
  leafHash,
  parseCheckpoint,
  parseNote,
  rootOf,
  storedTiles,
  verifyConsistency,
  verifyInclusion,
} from '@mnv/transparency-log';
import type { ArchiveStore, LogLedger } from '../src/index.ts';
import { SEGMENT_ENTRIES, UnopenableSegmentError, archiveLogs } from '../src/index.ts';
import { openSegmentKey } from '../src/segment-seal.ts';
import { verifySegment } from '../src/verify-segment.ts';
import type { ArchiveWorld } from './archive-world.ts';
import { BEGAN, YEAR_MS, openArchiveWorld } from './archive-world.ts';

const SIZE = 2 * SEGMENT_ENTRIES + 5_000;
let world: ArchiveWorld;
let log: { logId: string; origin: string };
let ledger: LogLedger;
/** Some entries as they were before anything was archived. */
const kept = new Map<number, Buffer>();
const SAMPLE = [0, 1, 255, 256, 40_000, 65_535, 65_536, 131_071, 131_072, SIZE - 1];

beforeAll(async () => {
  world = await openArchiveWorld();
  log = await world.writeLog(SIZE);
  ({ ledger } = world.run());
  for (const index of SAMPLE) {
    const [batch] = await ledger.readBatches(log.logId, { first: index, limit: 1 });
    kept.set(index, Buffer.from(batch!.entries[index - batch!.start]!));
  }
});
afterAll(() => world.close());

const batchesLeft = async () => {
  const { rows } = await world.service.query<{ n: number; start: number }>(
    'select count(*)::int as n, min(start)::int as start from log_batch where log_id = $1',
    [log.logId],
  );
  return rows[0]!;
};

/** An archive that loses, alters or refuses one object: the n-th that is put. */
function faulty(n: number, fault: 'refused' | 'refused, but stored' | 'cut'): ArchiveStore {
  let count = 0;
  return {
    ...world.archive,
    put: async (name, bytes, until) => {
      count += 1;
      if (count !== n) return world.archive.put(name, bytes, until);
      if (fault === 'refused') throw new Error('the archive does not answer');
      if (fault === 'cut') return world.archive.put(name, bytes.subarray(0, -1), until);
      await world.archive.put(name, bytes, until);
      throw new Error('the answer was lost');
    },
  };
}

describe('archiving a log', () => {
  it('lets nothing leave the database before it', async () => {
    const gone = 'delete from log_batch where start < 9000';

    await expect(world.archiver.query(gone)).rejects.toThrow('entries that are not archived stay');
    await expectForbidden(world.service, [
      gone,
      `insert into log_segment (log_id, idx, root, first_at, last_at) values (gen_random_uuid(), 0, ''::bytea, now(), now())`,
    ]);
    await expectForbidden(world.archiver, [
      `insert into log_batch select * from log_batch`,
      `update log_batch set n = n`,
      `update log_tile set hashes = hashes`,
      `delete from log_tile`,
      `delete from log_segment`,
      `truncate log_batch`,
      `alter table log_batch disable trigger all`,
      'set session_replication_role = replica',
    ]);
  });

  it.each([
    [1, 'refused'],
    [258, 'refused'],
    [259, 'refused, but stored'],
    [100, 'refused, but stored'],
  ] as const)('goes on where it stopped when object %d was %s', async (n, fault) => {
    await expect(archiveLogs(world.run({ archive: faulty(n, fault) }))).rejects.toThrow(
      fault === 'refused' ? 'does not answer' : 'answer was lost',
    );

    expect((await ledger.segmentsOf(log.logId)).filter(({ readBack }) => readBack)).toEqual([]);
  });

  it.each([
    ['not at all', undefined],
    ['for too short a time', new Date(BEGAN + 65_535_000 + 7 * YEAR_MS - 60_000)],
  ])('believes no store that promises to keep, and keeps %s', async (_, until) => {
    const forgetful: ArchiveStore = {
      ...world.archive,
      enforcesRetention: true,
      retainedUntil: () => Promise.resolve(until),
    };

    await expect(archiveLogs(world.run({ archive: forgetful }))).rejects.toThrow(
      'does not promise to keep it',
    );

    expect((await ledger.segmentsOf(log.logId)).some(({ readBack }) => readBack)).toBe(false);
  });

  it('copies every full segment, and reads back every byte before it says so', async () => {
    const tally = await archiveLogs(world.run());

    expect(tally).toEqual({ archived: 2, dropped: 0, destroyed: 0 });
    const segments = await ledger.segmentsOf(log.logId);
    expect(segments.map(({ idx, readBack }) => [idx, readBack])).toEqual([
      [0, true],
      [1, true],
    ]);
    expect(segments[0]!.firstAt.getTime()).toBe(BEGAN);
    expect(segments[1]!.lastAt.getTime()).toBe(BEGAN + 131_071_000);
    expect(await archiveLogs(world.run())).toEqual({ archived: 0, dropped: 0, destroyed: 0 });
  });

  it('calls a segment archived only when what was stored is what was meant', async () => {
    const other = await world.writeLog(SEGMENT_ENTRIES);

    await expect(archiveLogs(world.run({ archive: faulty(7, 'cut') }))).rejects.toThrow(
      'a hash tile has not its length',
    );

    const [segment] = await ledger.segmentsOf(other.logId);
    expect(segment?.readBack).toBe(false);
    const drop = `delete from log_batch where log_id = '${other.logId}' and start < 9000`;
    await expect(world.archiver.query(drop)).rejects.toThrow('entries that are not archived stay');
    await world.database
      .pool('postgres')
      .query(`delete from access.tenant where log_id = '${other.logId}'`);
  });

  it('proves the segment by the archive and the trust policy alone', async () => {
    const [segment] = await ledger.segmentsOf(log.logId);
    const { policy, archiveKey } = world.run();
    const key = openSegmentKey(archiveKey, segment!.sealedKey!, segment!);

    const open = await verifySegment(world.archive, segment!, { policy, key });
    const shut = await verifySegment(world.archive, segment!, { policy, key: undefined });

    expect(Buffer.compare(open.entries![40_000]!, kept.get(40_000)!)).toBe(0);
    expect(shut).toMatchObject({ root: segment!.root, entries: undefined });
  });

  it('opens no entry with another key, or at another place', async () => {
    const [first, second] = await ledger.segmentsOf(log.logId);
    const stranger = createSecretKey(randomBytes(32));

    for (const [key, place] of [
      [stranger, first!],
      [world.run().archiveKey, second!],
    ] as const)
      expect(() => openSegmentKey(key, first!.sealedKey!, place)).toThrow(UnopenableSegmentError);
  });
});

describe('a log whose archived entries left the database', () => {
  const later = () => world.run({ now: BEGAN + 131_071_000 + YEAR_MS });

  it('keeps what is younger, and its newest batch', async () => {
    const tally = await archiveLogs(world.run({ now: BEGAN + 65_535_000 + YEAR_MS }));

    expect(tally).toEqual({ archived: 0, dropped: 1, destroyed: 0 });
    // The batch that reaches into the second segment stays.
    expect(await batchesLeft()).toMatchObject({ start: 63_000 });
    expect(await archiveLogs(later())).toMatchObject({ dropped: 1 });
    expect(await batchesLeft()).toMatchObject({ start: 129_000, n: 3 });
    expect((await ledger.newestCheckpoint(log.logId))?.size).toBe(SIZE);
  });

  it('still proves every entry and every growth', async () => {
    const { checkpoint } = (await ledger.newestCheckpoint(log.logId))!;
    const { root } = parseCheckpoint(parseNote(checkpoint).text);
    const read = (range: { first: number; limit: number }) => ledger.readBatches(log.logId, range);
    const { readNodes } = storedTiles(ledger.tilesOf(log.logId), read);

    for (const [index, entry] of kept) {
      const proof = await inclusionProof(index, SIZE, readNodes);
      const claim = { index, size: SIZE, leafHash: leafHash(entry), root, proof };
      expect(verifyInclusion(claim)).toBe(true);
    }
    for (const size1 of [1, 3_000, 65_536, 70_001, 131_072]) {
      const proof = await consistencyProof(size1, SIZE, readNodes);
      const root1 = rootOf(await readNodes(edgeNodesOf(size1)));
      const claim = { size1, root1, size2: SIZE, root2: root, proof };
      expect(verifyConsistency(claim)).toBe(true);
    }
  });

  it('is dropped no further when the archive lost it in the meantime', async () => {
    const lost: ArchiveStore = { ...world.archive, get: () => Promise.resolve(undefined) };
    const other = await world.writeLog(SEGMENT_ENTRIES + 10);
    await archiveLogs(world.run());

    await expect(archiveLogs({ ...later(), archive: lost })).rejects.toThrow('is not there');

    const [oldest] = await ledger.batchesFrom(other.logId, 0);
    expect(oldest?.start).toBe(0);
  });

  it('has its keys destroyed at the end of its retention, and its hashes kept', async () => {
    const atTheEnd = world.run({ now: BEGAN + 65_535_000 + 7 * YEAR_MS });

    const tally = await archiveLogs(atTheEnd);

    // The other log's only segment is as old.
    expect(tally).toMatchObject({ destroyed: 1 });
    const segments = await ledger.segmentsOf(log.logId);
    expect(segments.map(({ sealedKey }) => sealedKey === undefined)).toEqual([true, false]);
    const { policy } = atTheEnd;
    const shut = await verifySegment(world.archive, segments[0]!, { policy, key: undefined });
    expect(shut.root).toEqual(segments[0]!.root);
  });

  it.each([
    `update log_segment set read_back_at = now() where idx = 0`,
    `update log_segment set sealed_key = '\\x00', key_destroyed_at = null where idx = 0`,
    `insert into log_segment (log_id, idx, root, sealed_key, first_at, last_at)
       select log_id, 9, root, '\\x00', first_at, last_at from log_segment limit 1`,
  ])('takes no step back: %s', async (step) => {
    await expect(world.archiver.query(step)).rejects.toThrow(/not taken back|one after another/);
  });

  it('cannot be asked to forget earlier than it drops', async () => {
    const wrong = world.run({ onlineMs: 8 * YEAR_MS });

    await expect(archiveLogs(wrong)).rejects.toThrow('cannot stay in the database for longer');
  });
});
