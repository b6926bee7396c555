import { TILE_WIDTH, decodeEntryBundle, entryBundlePath, tilePath } from '@mnv/transparency-log';
import type { FetchFile } from '@mnv/transparency-log';

const HASH_BYTES = 32;

/**
 * The entries of a bundle, undefined when it is not there or is not one of exactly its width. A log may have outgrown
 * a partial one.
 */
export async function readBundle(
  fetch: FetchFile,
  index: number,
  width: number,
): Promise<Uint8Array[] | undefined> {
  const found = await fetchPartOrWhole(fetch, width, (w) => entryBundlePath(index, w));
  try {
    return found && decodeEntryBundle(found.bytes, found.width).slice(0, width);
  } catch {
    return undefined;
  }
}

/** The hashes of a tile one after another, undefined when it is not there or not of exactly its width. */
export async function readTile(
  fetch: FetchFile,
  tile: { level: number; index: number; width: number },
): Promise<Uint8Array | undefined> {
  const { level, index, width } = tile;
  const found = await fetchPartOrWhole(fetch, width, (w) => tilePath(level, index, w));
  if (!found || found.bytes.length !== HASH_BYTES * found.width) return undefined;
  return found.bytes.subarray(0, HASH_BYTES * width);
}

/** The single hashes of a tile, as views into it. */
export function hashesOf(tile: Uint8Array): Uint8Array[] {
  return Array.from({ length: tile.length / HASH_BYTES }, (_, at) =>
    tile.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}

async function fetchPartOrWhole(
  fetch: FetchFile,
  width: number,
  pathOf: (width: number) => string,
): Promise<{ bytes: Uint8Array; width: number } | undefined> {
  for (const held of new Set([width, TILE_WIDTH])) {
    const bytes = await fetch(pathOf(held));
    if (bytes !== undefined) return { bytes, width: held };
  }
  return undefined;
}
