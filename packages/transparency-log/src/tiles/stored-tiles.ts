import type { ReadNodes } from '../merkle/build-proof.ts';
import { appendLeaves } from '../merkle/edge.ts';
import { HASH_LENGTH, leafHash } from '../merkle/hash.ts';
import { encodeEntryBundle } from './entry-bundle.ts';
import type { ReadBatches } from './stored-entries.ts';
import { readStoredEntries } from './stored-entries.ts';
import { tileSource } from './tile-source.ts';
import type { TileSource } from './tile-source.ts';
import { TILE_WIDTH } from './tile-path.ts';
import type { Tile } from './tile-path.ts';
import { TILE_HEIGHT } from './tiles-of-tree.ts';
import type { NodeCoordinate } from '../merkle/tree-shape.ts';

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

type HashTile = { level: number; idx: number; width: number };

/** Enough for the incomplete tiles of the upper levels, which are computed from the full ones below. */
const MOST_ROOTS = 512;

/**
 * Reads the Merkle tree of one log from its tiles. A full tile that is not stored yet is computed from the
 * entries as stored (or from the tiles below) and kept: the tiles are derived, the entries are the truth. Keeps
 * the roots of some full tiles: a reader that lives long proves an entry of a large log from a few reads.
 */
export function storedTiles(store: TileStore, readBatches: ReadBatches): StoredTiles {
  const roots = new Map<string, Uint8Array>();
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

  async function readNode(node: NodeCoordinate, from: TileSource): Promise<Uint8Array> {
    const { tile, offset } = placeOf(node);
    const stored = await from.find(tile);
    const below = stored?.subarray(offset * HASH_LENGTH, tile.width * HASH_LENGTH);
    return rootOfTile(below ? hashesOf(below) : (await readTile(tile, from)).slice(offset));
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
    readNodes: async (nodes) => {
      const from = source();
      const hashes: Uint8Array[] = [];
      for (const node of nodes) hashes.push(await readNode(node, from));
      return hashes;
    },
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

function hashesOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: bytes.length / HASH_LENGTH }, (_, at) =>
    bytes.subarray(HASH_LENGTH * at, HASH_LENGTH * (at + 1)),
  );
}

/** The hashes from `offset` to the end of this tile are those below the node. */
function placeOf({ level, index }: NodeCoordinate): { tile: HashTile; offset: number } {
  const span = 2 ** (level % TILE_HEIGHT);
  const idx = Math.floor((index * span) / TILE_WIDTH);
  const offset = (index * span) % TILE_WIDTH;
  return { tile: { level: Math.floor(level / TILE_HEIGHT), idx, width: offset + span }, offset };
}

/** The root over a power of two of consecutive hashes. */
function rootOfTile(hashes: readonly Uint8Array[]): Uint8Array {
  const [root] = appendLeaves(0, [], hashes);
  return root as Uint8Array;
}
