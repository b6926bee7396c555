import type { NodeCoordinate } from '../merkle/tree-shape.ts';
import { isCount } from '../merkle/tree-shape.ts';
import { TILE_WIDTH } from './tile-path.ts';
import type { Tile } from './tile-path.ts';

/** Levels of the tree that one level of tiles spans. */
export const TILE_HEIGHT = 8;

/**
 * Every hash tile and entry bundle of a tree of `size`. With `from`, only those that a tree of that
 * smaller size does not have.
 */
export function* tilesOf(size: number, from = 0): Generator<Tile> {
  if (!isCount(size) || !isCount(from) || from > size) throw new RangeError('not tree sizes');
  for (const { index, width } of tilesOfLevel(size, from)) yield { kind: 'entries', index, width };
  let [old, grown] = [from, size];
  for (let level = 0; grown > 0; level += 1) {
    for (const tile of tilesOfLevel(grown, old)) yield { kind: 'hashes', level, ...tile };
    [old, grown] = [Math.floor(old / TILE_WIDTH), Math.floor(grown / TILE_WIDTH)];
  }
}

/** The widths of the rightmost tile of every level that has a partial one, from the leaves up. */
export function partialTilesOf(size: number): Extract<Tile, { kind: 'hashes' }>[] {
  const tiles: Extract<Tile, { kind: 'hashes' }>[] = [];
  let rest = size;
  for (let level = 0; rest > 0; level += 1) {
    const [index, width] = [Math.floor(rest / TILE_WIDTH), rest % TILE_WIDTH];
    if (width > 0) tiles.push({ kind: 'hashes', level, index, width });
    rest = index;
  }
  return tiles;
}

/** Where the hashes of a tile stand in the tree, in the order of the tile. */
export function tileNodesOf(tile: {
  level: number;
  index: number;
  width: number;
}): NodeCoordinate[] {
  const level = tile.level * TILE_HEIGHT;
  const first = tile.index * TILE_WIDTH;
  return Array.from({ length: tile.width }, (_, at) => ({ level, index: first + at }));
}

function* tilesOfLevel(grown: number, old: number): Generator<{ index: number; width: number }> {
  for (let start = old - (old % TILE_WIDTH); start < grown; start += TILE_WIDTH) {
    const width = Math.min(TILE_WIDTH, grown - start);
    if (start + width > old) yield { index: start / TILE_WIDTH, width };
  }
}
