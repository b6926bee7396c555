import { TILE_WIDTH, decodeEntryBundle, entryBundlePath, tilePath } from '@mnv/transparency-log';
import type { FetchFile } from '@mnv/transparency-log';

const HASH_BYTES = 32;

/** The entries of a bundle, undefined when it is not there or is not one. A log may have outgrown a partial one. */
export async function readBundle(
  fetch: FetchFile,
  index: number,
  width: number,
): Promise<Uint8Array[] | undefined> {
  const bytes = await fetchPartOrWhole(fetch, width, (w) => entryBundlePath(index, w));
  try {
    const entries = bytes && decodeEntryBundle(bytes);
    return entries && entries.length >= width ? entries.slice(0, width) : undefined;
  } catch {
    return undefined;
  }
}

/** The hashes of a tile one after another, undefined when it is not there or too short. */
export async function readTile(
  fetch: FetchFile,
  tile: { level: number; index: number; width: number },
): Promise<Uint8Array | undefined> {
  const { level, index, width } = tile;
  const bytes = await fetchPartOrWhole(fetch, width, (w) => tilePath(level, index, w));
  if (bytes === undefined || bytes.length < width * HASH_BYTES) return undefined;
  return bytes.subarray(0, width * HASH_BYTES);
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
): Promise<Uint8Array | undefined> {
  return (
    (await fetch(pathOf(width))) ?? (width < TILE_WIDTH ? fetch(pathOf(TILE_WIDTH)) : undefined)
  );
}
