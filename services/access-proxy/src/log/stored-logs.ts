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

/** Readers that live on, with the roots of tiles they have read; few logs are read at a time. */
const MOST_READERS = 100;

/** Entries that left the database are read from the archive, if there is one. */
export function storedLogs(db: Kysely<AccessDatabase>, archive?: Archive): StoredLogs {
  const readThrough = readThroughArchive({
    readStored: (logId, range) => readBatches(db, logId, range),
    findSegment: async (logId, idx) => (await readSegments(db, logId, idx))[0],
    open: makeOpenSegment(archive),
  });
  const readers = new Map<string, StoredTiles>();
  const tileReaderOf = (logId: string): StoredTiles => {
    const reader = readers.get(logId) ?? makeTileReader(logId, tileStore(db), readThrough);
    if (readers.size >= MOST_READERS) readers.clear();
    readers.set(logId, reader);
    return reader;
  };
  return {
    readBatches: readThrough,
    edgeAt: (logId, size) => edgeAt(db, logId, size),
    newestOf: (logId) => newestCheckpoint(db, logId),
    tileReaderOf,
    boundsSince: async (logId, period) => boundsSince(await readSegments(db, logId), period),
  };
}
