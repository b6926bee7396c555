import { parseCheckpoint, parseNote, parseTilePath, pathOf, tilesOf } from '@mnv/transparency-log';
import type { StoredTiles } from '@mnv/transparency-log';
import type { ExportPlace } from './export-place.ts';

export type ControlLogFiles = {
  newestCheckpoint(): Promise<{ size: number; note: string } | undefined>;
  tiles: StoredTiles;
};

/** The place holds more of the control log than this database does. */
export class LongerLogKept extends Error {
  override readonly name = 'LongerLogKept';
}

/**
 * Brings the copy of the control log in a place up to date: tiles first, the checkpoint last. A key tree
 * without the log of what was erased from it would be no way back.
 * @throws LongerLogKept
 */
export async function exportControlLog(
  place: ExportPlace,
  { newestCheckpoint, tiles }: ControlLogFiles,
): Promise<void> {
  const newest = await newestCheckpoint();
  if (newest === undefined) return;
  const { fetch, put } = place.controlLog;
  const held = sizeOf(await fetch('checkpoint'));
  if (held > newest.size) throw new LongerLogKept('a place holds a longer control log');
  if (held === newest.size) return;
  for (const tile of tilesOf(newest.size, held)) {
    const path = pathOf(tile);
    const parsed = parseTilePath(path);
    const bytes = parsed && (await tiles.file(parsed, newest.size));
    if (bytes === undefined) throw new RangeError('the control log lacks a tile');
    await put(path, bytes);
  }
  await put('checkpoint', Buffer.from(newest.note));
}

function sizeOf(note: Uint8Array | undefined): number {
  return note === undefined ? 0 : parseCheckpoint(parseNote(note).text).size;
}
