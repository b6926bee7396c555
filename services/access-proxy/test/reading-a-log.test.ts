import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKysely } from '@mnv/service-kit';
import { fixedClock } from '@mnv/testing';
import { logReads } from '@mnv/log-archive';
import { storedTiles, verifyConsistency } from '@mnv/transparency-log';
import type { Kysely } from 'kysely';
import fc from 'fast-check';
import type { AccessDatabase } from '../src/database.ts';
import { edgeAt } from '../src/log/log-batch.repository.ts';
import type { LogIdentity } from '../src/log/log-head.ts';
import { proveGrowth } from '../src/log/prove-growth.ts';
import { storedLogs } from '../src/log/stored-logs.ts';
import { makeEntriesBetween, readEntryBytes } from '../src/log/read-entries.ts';
import type { LogWorld } from './log-world.ts';
import { aRequest, naiveRoot, openLogWorld, sha256 } from './log-world.ts';

const START = Date.parse('2026-12-01T00:00:00Z');
const time = fixedClock(START);
/** Odd sizes, so that no batch ends where a tile does; the log is 66,000 entries, above two levels of tiles. */
const BATCHES = [1, 5, 300, 255, 77, ...Array.from({ length: 220 }, () => 297), 22];

let world: LogWorld;
let db: Kysely<AccessDatabase>;
let log: LogIdentity;
let leaves: Buffer[];
let ends: number[];

beforeAll(async () => {
  world = await openLogWorld();
  db = createKysely<AccessDatabase>(world.pool);
  log = world.makeLog();
  const writer = world.writer({ clock: time.now });
  leaves = [];
  ends = [];
  for (const n of BATCHES) {
    const { entries, batch } = await writer.append(log, aRequest(n), 'bulk');
    leaves.push(...entries.map((bytes) => sha256(Buffer.from([0]), bytes)));
    ends.push(batch.size);
    time.advance(1_000);
  }
});
afterAll(() => world.database.drop());

/** Counts what is read, since a tile must not cost a log. */
function counted() {
  const cost = { entries: 0 };
  const read = async (logId: string, range: { first: number; limit: number }) => {
    const batches = await logReads(db).readBatches(logId, range);
    cost.entries += batches.reduce((sum, one) => sum + one.entries.length, 0);
    return batches;
  };
  return { cost, read };
}

const tiles = (read: ReturnType<typeof counted>['read']) =>
  storedTiles(logReads(db).tilesOf(log.logId), (range) => read(log.logId, range));

describe('reading a log', () => {
  it('derives tiles of every level from the entries, and again from the tiles', async () => {
    for (const again of [false, true]) {
      const { read } = counted();
      const reader = tiles(read);
      for (const idx of [0, 1, 257]) {
        const first = 256 * idx;
        const width = Math.min(256, leaves.length - first);
        const tile = await reader.readTile({ level: 0, idx, width });
        const expected = leaves.slice(first, first + width);
        expect(tile.map((hash) => Buffer.from(hash))).toEqual(
          expected.map((hash) => Buffer.from(hash)),
        );
      }
      const [lowest] = await reader.readTile({ level: 1, idx: 0, width: 256 });
      expect(Buffer.from(lowest!)).toEqual(naiveRoot(leaves.slice(0, 256)));
      const [top] = await reader.readTile({ level: 2, idx: 0, width: 1 });
      expect(Buffer.from(top!)).toEqual(naiveRoot(leaves.slice(0, 65_536)));
      if (again) break;
    }
  });

  it('reads a tile without reading the log around it', async () => {
    const { cost, read } = counted();
    await tiles(read).readTile({ level: 0, idx: 100, width: 17 });
    expect(cost.entries).toBeLessThan(2 * 300);
  });

  it('refuses a tile of entries that are not there', async () => {
    const { read } = counted();
    await expect(tiles(read).readTile({ level: 0, idx: 258, width: 1 })).rejects.toThrow(
      RangeError,
    );
  });

  it('gives the bytes of any range, whatever batches they stand in', async () => {
    const place = fc.nat(leaves.length - 1);
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 700 }), async (first, n) => {
        const end = Math.min(first + n, leaves.length);
        const hashes: string[] = [];
        for await (const { index, bytes } of readEntryBytes(
          counted().read,
          log.logId,
          first,
          end,
        )) {
          expect(index).toBe(first + hashes.length);
          hashes.push(String(sha256(Buffer.from([0]), bytes)));
        }
        expect(hashes).toEqual(leaves.slice(first, end).map(String));
      }),
      { numRuns: 15 },
    );
  });

  it('proves growth between any two batches from the edge and what came since', async () => {
    const end = fc.nat(ends.length - 1);
    await fc.assert(
      fc.asyncProperty(end, end, async (one, other) => {
        const [size1, size2] = [ends[Math.min(one, other)]!, ends[Math.max(one, other)]!];
        const { cost, read } = counted();
        const stored = { ...storedLogs(db), readBatches: read };
        const proof = await proveGrowth(log.logId, { size1, size2 }, stored);
        const [root1, root2] = [size1, size2].map((size) => naiveRoot(leaves.slice(0, size)));
        expect(verifyConsistency({ size1, root1: root1!, size2, root2: root2!, proof })).toBe(true);
        // Each read may bring the rest of two batches along.
        expect(cost.entries).toBeLessThan(4 * (size2 - size1) + 3 * 300);
      }),
      { numRuns: 4 },
    );
  });

  it('has no edge where no batch ends', async () => {
    await expect(edgeAt(db, log.logId, 2)).rejects.toThrow(RangeError);
    await expect(edgeAt(db, log.logId, leaves.length + 1)).rejects.toThrow(RangeError);
  });

  it('finds the entries of a period, and of no other time', async () => {
    const between = makeEntriesBetween({ ...storedLogs(db), readBatches: counted().read });
    const batch = fc.nat(6);
    await fc.assert(
      fc.asyncProperty(batch, batch, fc.nat(400), async (one, other, first) => {
        const [begin, end] = [Math.min(one, other), Math.max(one, other)];
        const period = { from: START + 1_000 * begin, to: START + 1_000 * end };
        const found: number[] = [];
        for await (const { index } of between(log.logId, { first, ...period })) found.push(index);
        const [low, high] = [ends[begin - 1] ?? 0, ends[end - 1] ?? 0];
        const expected = Array.from({ length: high }, (_, at) => at);
        expect(found).toEqual(expected.slice(Math.max(low, first)));
      }),
      { numRuns: 20 },
    );
  });

  it('finds nothing in an empty log', async () => {
    const between = makeEntriesBetween({ ...storedLogs(db), readBatches: counted().read });
    const { logId } = world.makeLog();
    const wanted = { first: 0, from: 0, to: Number.MAX_SAFE_INTEGER };
    for await (const one of between(logId, wanted)) expect(one).toBeUndefined();
    expect(await logReads(db).newestCheckpoint(logId)).toBeUndefined();
  });
});
