import type { ReadNodes } from '../merkle/build-proof.ts';
import { leafHash } from '../merkle/hash.ts';
import { encodeEntryBundle } from './entry-bundle.ts';
import type { ReadBatches } from './stored-entries.ts';
import { readStoredEntries } from './stored-entries.ts';
import type { HashTile } from './tile-nodes.ts';
import { hashesOf, nodeReader, rootOfTile } from './tile-nodes.ts';
import { tileSource } from './tile-source.ts';
import type { TileSource } from './tile-source.ts';
import { TILE_WIDTH } from './tile-path.ts';
import type { Tile } from './tile-path.ts';

/** Where full tiles are kept. They are derived: who comes second with one changes nothing. */
export type TileStore = {
  findTile(place: { level: number; idx: number }): Promise<Uint8Array | undefined>;
  insertTile(tile: { level: number; idx: number; hashes: Uint8Array }): Promise<void>;
};

export type StoredTiles = {
  /** The file of a tile in a log of `size` entries, undefined when the log is too small to have all of it. */
  file(tile: Tile, size: number): Promise<Uint8Array | undefined>;
  /** The first `width` hashes of a tile, 32 bytes each. The entries below have to be in the log. */
  readTile(tile: HashTile): Promise<Uint8Array[]>;
  readNodes: ReadNodes;
};

/** Enough for the incomplete tiles of the upper levels, which are computed from the full ones below. */
const MOST_ROOTS = 512;

/**
 * Reads the Merkle tree of one log from its tiles. A full tile that is not stored yet is computed from the
 * entries as stored (or from the tiles below) and kept: the tiles are derived, the entries are the truth. Keeps
 * the roots of some full tiles, and for proofs the beginnings of tiles that are not full: a reader that lives long
 * proves an entry of a large log from a few reads.
 */
export function storedTiles(store: TileStore, readBatches: ReadBatches): StoredTiles {
  const roots = new Map<string, Uint8Array>();
  const readNodes = nodeReader(readTile);
  const source = () => tileSource(store, readBatches);

  async function readTile(
    { level, idx, width }: HashTile,
    from: TileSource,
  ): Promise<Uint8Array[]> {
    // A part of a full tile, too: the entries below it may have left.
    const stored = await from.find({ level, idx });
    if (stored) return hashesOf(stored).slice(0, width);
    const hashes =
      level === 0
        ? (await entriesOf({ idx, width }, from.read)).map((entry) => leafHash(entry))
        : await parentsOf({ level, idx, width }, from);
    if (width === TILE_WIDTH) await store.insertTile({ level, idx, hashes: Buffer.concat(hashes) });
    return hashes;
  }

  async function parentsOf(
    { level, idx, width }: HashTile,
    from: TileSource,
  ): Promise<Uint8Array[]> {
    const hashes: Uint8Array[] = [];
    for (let at = 0; at < width; at += 1)
      hashes.push(await rootOfFullTile({ level: level - 1, idx: idx * TILE_WIDTH + at }, from));
    return hashes;
  }

  async function rootOfFullTile(
    place: Omit<HashTile, 'width'>,
    from: TileSource,
  ): Promise<Uint8Array> {
    const name = `${place.level}/${place.idx}`;
    const known = roots.get(name);
    if (known) return known;
    const root = rootOfTile(await readTile({ ...place, width: TILE_WIDTH }, from));
    if (roots.size >= MOST_ROOTS) roots.clear();
    roots.set(name, root);
    return root;
  }

  return {
    readTile: (tile) => readTile(tile, source()),
    file: async (tile, size) => {
      if (!covers(size, tile)) return undefined;
      const { index: idx, width } = tile;
      if (tile.kind === 'entries')
        return encodeEntryBundle(await entriesOf({ idx, width }, readBatches));
      return Buffer.concat(await readTile({ level: tile.level, idx, width }, source()));
    },
    readNodes: (nodes) => readNodes(nodes, source()),
  };
}

async function entriesOf(
  { idx, width }: Omit<HashTile, 'level'>,
  read: ReadBatches,
): Promise<Uint8Array[]> {
  const first = idx * TILE_WIDTH;
  const entries: Uint8Array[] = [];
  for await (const { bytes } of readStoredEntries(read, first, first + width)) entries.push(bytes);
  if (entries.length < width) throw new RangeError('the log has no such entries');
  return entries;
}

/** Whether a log is large enough to have all of a tile. */
function covers(size: number, tile: Tile): boolean {
  const level = tile.kind === 'entries' ? 0 : tile.level;
  const complete = Math.floor(size / TILE_WIDTH ** level);
  return tile.index * TILE_WIDTH + tile.width <= complete;
}
