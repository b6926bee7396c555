import type { StoredBatch, TileStore } from '@mnv/transparency-log';
import { decodeEntryBundle } from '@mnv/transparency-log';
import type { Kysely, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { SegmentRow } from './log-ledger.ts';
import type { LogTables } from './log-tables.ts';
import type { FullTile } from './segment-tiles.ts';

/** How access logs are read where they are stored, by the service that writes them and by the archiver. */
export type LogReads = {
  newestCheckpoint(logId: string): Promise<{ size: number; checkpoint: string } | undefined>;
  /** The batches that hold the entries [first, first + limit), in order. They may hold more. */
  readBatches(logId: string, range: { first: number; limit: number }): Promise<StoredBatch[]>;
  /** The full tiles of a log. Tiles are derived: who comes second with one changes nothing. */
  tilesOf(logId: string): TileStore;
  /** Every segment that archiving was begun of, in order. */
  segmentsOf(logId: string): Promise<SegmentRow[]>;
  segmentAt(logId: string, idx: number): Promise<SegmentRow | undefined>;
};

export function logReads(db: Kysely<LogTables>): LogReads {
  const newestBatch = (logId: string) =>
    db.selectFrom('log_batch').where('log_id', '=', logId).orderBy('start', 'desc').limit(1);
  const segments = (logId: string) =>
    db.selectFrom('log_segment').selectAll().where('log_id', '=', logId);
  return {
    newestCheckpoint: async (logId) => {
      const row = await newestBatch(logId).select(['start', 'n', 'checkpoint']).executeTakeFirst();
      return row && { size: Number(row.start) + row.n, checkpoint: row.checkpoint };
    },
    readBatches: async (logId, { first, limit }) => {
      const holder = newestBatch(logId).select('start').where('start', '<=', String(first));
      const rows = await db
        .selectFrom('log_batch')
        .select(['start', 'entries'])
        .where('log_id', '=', logId)
        .where('start', '>=', sql<string>`coalesce(${holder}, ${first})`)
        .where('start', '<', String(first + limit))
        .orderBy('start')
        .execute();
      return rows.map((row) => ({
        start: Number(row.start),
        entries: decodeEntryBundle(row.entries),
      }));
    },
    tilesOf: (logId) => ({
      findTile: (place) => findTile(db, logId, place),
      insertTile: (tile) => keepTiles(db, logId, [tile]),
    }),
    segmentsOf: async (logId) => (await segments(logId).orderBy('idx').execute()).map(segmentFrom),
    segmentAt: async (logId, idx) => {
      const row = await segments(logId).where('idx', '=', String(idx)).executeTakeFirst();
      return row && segmentFrom(row);
    },
  };
}

async function findTile(
  db: Kysely<LogTables>,
  logId: string,
  { level, idx }: { level: number; idx: number },
): Promise<Buffer | undefined> {
  const row = await db
    .selectFrom('log_tile')
    .select('hashes')
    .where('log_id', '=', logId)
    .where('level', '=', level)
    .where('idx', '=', String(idx))
    .executeTakeFirst();
  return row?.hashes;
}

/** Keeps full tiles; those that are kept already stay as they are. */
export async function keepTiles(
  db: Kysely<LogTables>,
  logId: string,
  tiles: readonly FullTile[],
): Promise<void> {
  const rows = tiles.map(({ level, idx, hashes }) => ({
    log_id: logId,
    level,
    idx,
    hashes: Buffer.from(hashes),
  }));
  await db
    .insertInto('log_tile')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function segmentFrom(row: Selectable<LogTables['log_segment']>): SegmentRow {
  return {
    logId: row.log_id,
    idx: Number(row.idx),
    root: row.root,
    sealedKey: row.sealed_key ?? undefined,
    firstAt: row.first_at,
    lastAt: row.last_at,
    readBack: row.read_back_at !== null,
  };
}
