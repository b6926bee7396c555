import { describe, expect, it } from '@jest/globals';
import { inclusionProof, leafHash, storedTiles } from '../src/index.ts';
import type { StoredBatch, TileStore } from '../src/index.ts';
import { growTree, verifyInclusion } from '../src/index.ts';

const SIZE = 66_000;
const entries = Array.from({ length: SIZE }, (_, at) => Buffer.from(`entry ${at}`));
const leaves = entries.map((entry) => leafHash(entry));
const { root } = growTree(0, [], leaves);

/** A log with its tiles, and how often the store was asked for one. */
function counted() {
  const kept = new Map<string, Uint8Array>();
  const asked = { tiles: 0, entries: 0 };
  const store: TileStore = {
    findTile: async ({ level, idx }) => {
      asked.tiles += 1;
      return kept.get(`${level}/${idx}`);
    },
    insertTile: async ({ level, idx, hashes }) => void kept.set(`${level}/${idx}`, hashes),
  };
  const readBatches = async (range: { first: number; limit: number }): Promise<StoredBatch[]> => {
    const read = entries.slice(range.first, range.first + range.limit);
    asked.entries += read.length;
    return [{ start: range.first, entries: read }];
  };
  return { asked, tiles: storedTiles(store, readBatches) };
}

describe('proving an entry of a large log from its stored tiles', () => {
  it('asks for each tile once, and for few once the log was read before', async () => {
    const { asked, tiles } = counted();
    await inclusionProof(0, SIZE, tiles.readNodes);
    for (const index of [0, 255, 40_000, 65_535, 65_536, SIZE - 1]) {
      Object.assign(asked, { tiles: 0, entries: 0 });

      const proof = await inclusionProof(index, SIZE, tiles.readNodes);

      const claim = { index, size: SIZE, leafHash: leaves[index]!, root, proof };
      expect(verifyInclusion(claim)).toBe(true);
      expect(asked.tiles).toBeLessThanOrEqual(6);
    }
  });

  it('reads the entries at the end of the log for the first proof alone, and again when it has grown', async () => {
    const { asked, tiles } = counted();
    const entriesFor = async (size: number) => {
      asked.entries = 0;
      const index = 5;
      const proof = await inclusionProof(index, size, tiles.readNodes);
      const { root: rootThen } = growTree(0, [], leaves.slice(0, size));
      const claim = { index, size, leafHash: leaves[index]!, root: rootThen, proof };
      expect(verifyInclusion(claim)).toBe(true);
      return asked.entries;
    };

    await entriesFor(SIZE - 100);
    expect(await entriesFor(SIZE - 100)).toBe(0);
    expect(await entriesFor(SIZE)).toBeGreaterThan(0);
    expect(await entriesFor(SIZE - 100)).toBe(0);
    expect(await entriesFor(SIZE)).toBe(0);
  });
});
