import type { Kysely } from 'kysely';
import { storedTiles } from '@mnv/transparency-log';
import type { StoredTiles } from '@mnv/transparency-log';
import { logReads, readThroughArchive } from '@mnv/log-archive';
import type { AccessDatabase } from '../database.ts';
import { boundsSince, makeOpenSegment } from './archived-entries.ts';
import type { Archive } from './archived-entries.ts';
import { edgeAt } from './log-batch.repository.ts';
import type { StoredLog } from './prove-growth.ts';

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

/** Readers that live on, with the roots of tiles they have read; few logs are read at a time. */
const MOST_READERS = 100;

/** Entries that left the database are read from the archive, if there is one. */
export function storedLogs(db: Kysely<AccessDatabase>, archive?: Archive): StoredLogs {
  const { newestCheckpoint, readBatches, tilesOf, segmentsOf, segmentAt } = logReads(db);
  const readThrough = readThroughArchive({
    readStored: readBatches,
    findSegment: segmentAt,
    open: makeOpenSegment(archive),
  });
  const readers = new Map<string, StoredTiles>();
  const tileReaderOf = (logId: string): StoredTiles => {
    const reader =
      readers.get(logId) ?? storedTiles(tilesOf(logId), (range) => readThrough(logId, range));
    if (readers.size >= MOST_READERS) readers.clear();
    readers.set(logId, reader);
    return reader;
  };
  return {
    readBatches: readThrough,
    edgeAt: (logId, size) => edgeAt(db, logId, size),
    newestOf: newestCheckpoint,
    tileReaderOf,
    boundsSince: async (logId, period) => {
      const segments = await segmentsOf(logId);
      return boundsSince(
        segments.filter(({ readBack }) => readBack),
        period,
      );
    },
  };
}
