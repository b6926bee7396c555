import { HASH_LENGTH, TILE_WIDTH, appendLeaves, leafHash } from '@mnv/transparency-log';
import type { SegmentPlace } from './segment.ts';
import { tilesOfSegment } from './segment.ts';

/** A full hash tile: 256 hashes of one level of tiles. */
export type FullTile = { level: number; idx: number; hashes: Uint8Array };

/** The hash tiles over a segment's entries, computed from them, the one above last; and the root over it. */
export function tilesOver(
  place: SegmentPlace,
  entries: readonly Uint8Array[],
): { tiles: FullTile[]; root: Uint8Array } {
  const { leaves, above } = tilesOfSegment(place);
  const roots: Uint8Array[] = [];
  const tiles = leaves.map(({ level, idx }, at) => {
    const own = entries.slice(TILE_WIDTH * at, TILE_WIDTH * (at + 1)).map(leafHash);
    roots.push(rootOfHashes(own));
    return { level, idx, hashes: Buffer.concat(own) };
  });
  const top = { ...above, hashes: Buffer.concat(roots) };
  return { tiles: [...tiles, top], root: rootOfHashes(roots) };
}

/** The root over a full tile's 256 hashes. */
export function rootOfHashes(hashes: readonly Uint8Array[]): Uint8Array {
  const [root] = appendLeaves(0, [], hashes);
  return root as Uint8Array;
}

/** The hashes of a full tile; undefined when it has not the length of one. */
export function hashesOfTile(tile: Uint8Array): Uint8Array[] | undefined {
  if (tile.length !== HASH_LENGTH * TILE_WIDTH) return undefined;
  return Array.from({ length: TILE_WIDTH }, (_, at) =>
    tile.subarray(HASH_LENGTH * at, HASH_LENGTH * (at + 1)),
  );
}
