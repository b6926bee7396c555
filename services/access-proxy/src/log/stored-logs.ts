import type { Kysely } from 'kysely';
import type { StoredTiles } from '@mnv/transparency-log';
import { readThroughArchive } from '@mnv/log-archive';
import type { AccessDatabase } from '../database.ts';
import { boundsSince, makeOpenSegment } from './archived-entries.ts';
import type { Archive } from './archived-entries.ts';
import { edgeAt, newestCheckpoint, readBatches } from './log-batch.repository.ts';
import { tileStore } from './log-tile.repository.ts';
import { readSegments } from './log-segment.repository.ts';
import type { StoredLog } from './prove-growth.ts';
import { makeTileReader } from './read-nodes.ts';

/** The logs as they are stored. */
export type StoredLogs = Omit<StoredLog, 'tileReaderOf'> & {
  newestOf(logId: string): Promise<{ size: number; checkpoint: string } | undefined>;
  tileReaderOf(logId: string): StoredTiles;
  /** Between which indices the first entry as young as `from` stands. */
  boundsSince(
    logId: string,
    period: { from: number; size: number },
  ): Promise<{ low: number; high: number }>;
};

/** Entries that left the database are read from the archive, if there is one. */
export function storedLogs(db: Kysely<AccessDatabase>, archive?: Archive): StoredLogs {
  const readThrough = readThroughArchive({
    readStored: (logId, range) => readBatches(db, logId, range),
    findSegment: async (logId, idx) => (await readSegments(db, logId, idx))[0],
    open: makeOpenSegment(archive),
  });
  return {
    readBatches: readThrough,
    edgeAt: (logId, size) => edgeAt(db, logId, size),
    newestOf: (logId) => newestCheckpoint(db, logId),
    tileReaderOf: (logId) => makeTileReader(logId, tileStore(db), readThrough),
    boundsSince: async (logId, period) => boundsSince(await readSegments(db, logId), period),
  };
}
