import type { Kysely } from 'kysely';
import type { StoredTiles } from '@mnv/transparency-log';
import type { AccessDatabase } from '../database.ts';
import { edgeAt, newestCheckpoint, readBatches } from './log-batch.repository.ts';
import { findTile, insertTile } from './log-tile.repository.ts';
import type { StoredLog } from './prove-growth.ts';
import { makeTileReader } from './read-nodes.ts';

/** The logs as they are stored. */
export type StoredLogs = StoredLog & {
  newestOf(logId: string): Promise<{ size: number; checkpoint: string } | undefined>;
  tileReaderOf(logId: string): StoredTiles;
};

export function storedLogs(db: Kysely<AccessDatabase>): StoredLogs {
  const readStored: StoredLog['readBatches'] = (logId, range) => readBatches(db, logId, range);
  return {
    readBatches: readStored,
    edgeAt: (logId, size) => edgeAt(db, logId, size),
    newestOf: (logId) => newestCheckpoint(db, logId),
    tileReaderOf: (logId) =>
      makeTileReader(
        logId,
        {
          findTile: (id, level, idx) => findTile(db, id, { level, idx }),
          insertTile: (id, tile) => insertTile(db, id, tile),
        },
        readStored,
      ),
  };
}
