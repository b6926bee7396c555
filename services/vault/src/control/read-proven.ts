import { decodeControlEntry } from '@mnv/protocol';
import {
  openCheckpoint,
  openTileLog,
  parseTilePath,
  parseVerifierKey,
} from '@mnv/transparency-log';
import type { StoredTiles } from '@mnv/transparency-log';
import type { PlacedEntry } from './control-search.repository.ts';

/**
 * The entries from an index on, each proven under the newest checkpoint that our own key signed: rows that
 * somebody put into the table, or took out, are not believed.
 * @throws TransparencyLogError when what is stored is not what was signed
 */
export async function readProven(
  log: {
    newestCheckpoint(): Promise<{ size: number; note: string } | undefined>;
    tiles: StoredTiles;
    verifierKey: string;
  },
  from: number,
): Promise<PlacedEntry[]> {
  const newest = await log.newestCheckpoint();
  if (!newest) return [];
  const fetch = async (path: string) => {
    if (path === 'checkpoint') return Buffer.from(newest.note);
    const tile = parseTilePath(path);
    return tile && log.tiles.file(tile, newest.size);
  };
  const open = (note: string) => openCheckpoint(note, parseVerifierKey(log.verifierKey));
  const opened = await openTileLog(fetch, open);
  const entries: PlacedEntry[] = [];
  let index = Math.min(from, newest.size);
  for await (const bytes of opened.entries(index)) {
    entries.push({ index, entry: decodeControlEntry(bytes) });
    index += 1;
  }
  return entries;
}
