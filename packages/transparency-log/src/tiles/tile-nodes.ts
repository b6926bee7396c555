import { appendLeaves } from '../merkle/edge.ts';
import { HASH_LENGTH } from '../merkle/hash.ts';
import type { NodeCoordinate } from '../merkle/tree-shape.ts';
import { TILE_WIDTH } from './tile-path.ts';
import type { TileSource } from './tile-source.ts';
import { TILE_HEIGHT } from './tiles-of-tree.ts';

/** The first `width` hashes of a tile. */
export type HashTile = { level: number; idx: number; width: number };

/** Enough for the right edge of a tree: a tile for each of its levels. */
const MOST_PARTS = 8;

/**
 * Reads the hashes of nodes from tiles. Keeps the beginnings of tiles that are not full: what a log has of a tile
 * never changes, and every proof of an entry before it needs it.
 */
export function nodeReader(
  readTile: (tile: HashTile, from: TileSource) => Promise<Uint8Array[]>,
): (nodes: readonly NodeCoordinate[], from: TileSource) => Promise<Uint8Array[]> {
  const parts = new Map<string, Uint8Array[]>();

  async function readNode(node: NodeCoordinate, from: TileSource): Promise<Uint8Array> {
    const { tile, offset } = placeOf(node);
    const part = parts.get(nameOf(tile));
    if (part && part.length >= tile.width) return rootOfTile(part.slice(offset, tile.width));
    const stored = await from.find(tile);
    const below = stored?.subarray(offset * HASH_LENGTH, tile.width * HASH_LENGTH);
    return rootOfTile(below ? hashesOf(below) : (await readPart(tile, from)).slice(offset));
  }

  async function readPart(tile: HashTile, from: TileSource): Promise<Uint8Array[]> {
    const hashes = await readTile(tile, from);
    if (parts.size >= MOST_PARTS) parts.clear();
    parts.set(nameOf(tile), hashes);
    return hashes;
  }

  return async (nodes, from) => {
    const hashes: Uint8Array[] = [];
    for (const node of nodes) hashes.push(await readNode(node, from));
    return hashes;
  };
}

function nameOf({ level, idx }: HashTile): string {
  return `${level}/${idx}`;
}

export function hashesOf(bytes: Uint8Array): Uint8Array[] {
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
export function rootOfTile(hashes: readonly Uint8Array[]): Uint8Array {
  const [root] = appendLeaves(0, [], hashes);
  return root as Uint8Array;
}
