import type { ReadNodes } from '@mnv/transparency-log';
import { leafHash, nodeHash } from '@mnv/transparency-log';
import type { ReadBatches } from './read-entries.ts';
import { readEntryBytes } from './read-entries.ts';

/** Hashes in a full tile: the leaves of a subtree eight levels high (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;

const MAX_KEPT_ROOTS = 65_536;

/** A full tile never changes; the newest tile above is made of such roots again and again. */
const fullTileRoots = new Map<string, Uint8Array>();

export type TileStore = {
  findTile(logId: string, level: number, idx: number): Promise<Buffer | undefined>;
  insertTile(logId: string, tile: { level: number; idx: number; hashes: Buffer }): Promise<void>;
};

export type TileReader = {
  /** The first `width` hashes of a tile, 32 bytes each. The entries below have to be in the log. */
  readTile(tile: { level: number; idx: number; width: number }): Promise<Uint8Array[]>;
  readNodes: ReadNodes;
};

/**
 * Reads the Merkle tree of one log from its tiles. A full tile that is not stored yet is computed from the
 * entries as stored (or from the tiles below) and kept: the tiles are derived, the entries are the truth.
 */
export function makeTileReader(
  logId: string,
  store: TileStore,
  readBatches: ReadBatches,
): TileReader {
  async function readTile({ level, idx, width }: { level: number; idx: number; width: number }) {
    if (width === TILE_WIDTH) {
      const stored = await store.findTile(logId, level, idx);
      if (stored) return hashesOf(stored);
    }
    const hashes = level === 0 ? await leavesOf(idx, width) : await parentsOf(level, idx, width);
    if (width === TILE_WIDTH)
      await store.insertTile(logId, { level, idx, hashes: Buffer.concat(hashes) });
    return hashes;
  }

  async function leavesOf(idx: number, width: number): Promise<Uint8Array[]> {
    const first = idx * TILE_WIDTH;
    const hashes: Uint8Array[] = [];
    for await (const { bytes } of readEntryBytes(readBatches, logId, first, first + width))
      hashes.push(leafHash(bytes));
    if (hashes.length < width) throw new RangeError('the log has no such entries');
    return hashes;
  }

  async function parentsOf(level: number, idx: number, width: number): Promise<Uint8Array[]> {
    const hashes: Uint8Array[] = [];
    for (let at = 0; at < width; at += 1) {
      hashes.push(await rootOfFullTile(level - 1, idx * TILE_WIDTH + at));
    }
    return hashes;
  }

  async function rootOfFullTile(level: number, idx: number): Promise<Uint8Array> {
    const name = `${logId}/${level}/${idx}`;
    const known = fullTileRoots.get(name);
    if (known) return known;
    const root = rootOfTile(await readTile({ level, idx, width: TILE_WIDTH }));
    if (fullTileRoots.size >= MAX_KEPT_ROOTS) fullTileRoots.clear();
    fullTileRoots.set(name, root);
    return root;
  }

  const readNodes: ReadNodes = async (nodes) => {
    const hashes: Uint8Array[] = [];
    for (const { level, index } of nodes) hashes.push(await readNode(level, index));
    return hashes;
  };

  async function readNode(level: number, index: number): Promise<Uint8Array> {
    const span = 2 ** (level % 8);
    const first = index * span;
    const idx = Math.floor(first / TILE_WIDTH);
    const offset = first % TILE_WIDTH;
    const tile = await readTile({ level: Math.floor(level / 8), idx, width: offset + span });
    return rootOfTile(tile.slice(offset, offset + span));
  }

  return { readTile, readNodes };
}

function hashesOf(bytes: Buffer): Uint8Array[] {
  return Array.from({ length: bytes.length / 32 }, (_, at) =>
    bytes.subarray(32 * at, 32 * at + 32),
  );
}

/** The root over a power of two of consecutive hashes. */
function rootOfTile(hashes: Uint8Array[]): Uint8Array {
  let row = hashes;
  while (row.length > 1) {
    const parents: Uint8Array[] = [];
    for (let at = 0; at < row.length; at += 2) {
      parents.push(nodeHash(row[at] as Uint8Array, row[at + 1] as Uint8Array));
    }
    row = parents;
  }
  return row[0] as Uint8Array;
}
