import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StoredBatch } from '../src/index.ts';
import {
  appendLeaves,
  consistencyProof,
  leafHash,
  rootOf,
  storedTiles,
  verifyConsistency,
} from '../src/index.ts';

/** A log stored in batches of these sizes, and how often each batch was read. */
function storedLog(sizes: readonly number[]) {
  const batches: StoredBatch[] = [];
  let size = 0;
  for (const n of sizes) {
    batches.push({ start: size, entries: Array.from({ length: n }, () => randomBytes(24)) });
    size += n;
  }
  const reads = new Map<number, number>();
  const kept = new Map<string, Uint8Array>();
  const tiles = storedTiles(
    {
      findTile: ({ level, idx }) => Promise.resolve(kept.get(`${level}/${idx}`)),
      insertTile: ({ level, idx, hashes }) => {
        kept.set(`${level}/${idx}`, hashes);
        return Promise.resolve();
      },
    },
    ({ first, limit }) => {
      const wanted = batches.filter(
        ({ start, entries }) => start < first + limit && start + entries.length > first,
      );
      for (const { start } of wanted) reads.set(start, (reads.get(start) ?? 0) + 1);
      return Promise.resolve(wanted);
    },
  );
  const leaves = batches.flatMap(({ entries }) => entries.map((entry) => leafHash(entry)));
  return {
    size,
    tiles,
    reads,
    rootAt: (at: number) => rootOf(appendLeaves(0, [], leaves.slice(0, at))),
  };
}

const batchSizes = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 200, max: 2048 })),
  { minLength: 2, maxLength: 12 },
);

describe('tiles computed from the batches of a log', () => {
  it('prove growth between any two sizes, however the entries lie in batches', async () => {
    await fc.assert(
      fc.asyncProperty(batchSizes, fc.nat(), async (sizes, cut) => {
        const { size, tiles, rootAt } = storedLog(sizes);
        const size1 = 1 + (cut % size);
        const proof = await consistencyProof(size1, size, tiles.readNodes);
        const heads = { size1, root1: rootAt(size1), size2: size, root2: rootAt(size) };
        expect(verifyConsistency({ ...heads, proof })).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('read a batch once for all the tiles it fills', async () => {
    const { tiles, reads } = storedLog([2048, 700, 3, 1, 2048, 2048]);
    await tiles.readTile({ level: 1, idx: 0, width: 26 });
    expect([...reads.values()]).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('read the batches again for the next question: what is stored is the truth', async () => {
    const { tiles, reads } = storedLog([300]);
    await tiles.readTile({ level: 0, idx: 0, width: 200 });
    await tiles.readTile({ level: 0, idx: 0, width: 200 });
    expect([...reads.values()]).toEqual([2]);
  });
});
