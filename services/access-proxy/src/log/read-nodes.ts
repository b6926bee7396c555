import type { StoredTiles } from '@mnv/transparency-log';
import { storedTiles } from '@mnv/transparency-log';
import type { ReadBatches } from './read-entries.ts';

export type LogTileStore = {
  findTile(logId: string, level: number, idx: number): Promise<Buffer | undefined>;
  insertTile(logId: string, tile: { level: number; idx: number; hashes: Buffer }): Promise<void>;
};

/** The Merkle tree of one of the access logs. */
export function makeTileReader(
  logId: string,
  store: LogTileStore,
  readBatches: ReadBatches,
): StoredTiles {
  return storedTiles(
    {
      findTile: ({ level, idx }) => store.findTile(logId, level, idx),
      insertTile: ({ level, idx, hashes }) =>
        store.insertTile(logId, { level, idx, hashes: Buffer.from(hashes) }),
    },
    (range) => readBatches(logId, range),
  );
}
