import { TILE_WIDTH, decodeEntryBundle } from '@mnv/transparency-log';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { ArchiverDatabase } from './archive-database.repository.ts';
import type { LogLedger } from './log-ledger.ts';
import type { FullTile } from './segment-tiles.ts';
import { endOf } from './segment.ts';
import { entriesStored } from './stored-bundle.ts';

const BATCHES_A_READ = 64;
const BATCHES_A_DROP = 2_000;

type Batches = Pick<
  LogLedger,
  | 'logs'
  | 'newestCheckpoint'
  | 'readBatches'
  | 'batchesFrom'
  | 'tilesOf'
  | 'leafTilesOf'
  | 'keepTiles'
  | 'dropEntries'
>;

/** Batches and tiles of the access logs, as far as the archiver may touch them. */
export function batchLedger(db: Kysely<ArchiverDatabase>): Batches {
  const batchesOf = (logId: string) => db.selectFrom('log_batch').where('log_id', '=', logId);
  const newest = (logId: string) => batchesOf(logId).orderBy('start', 'desc').limit(1);
  return {
    logs: () =>
      db.selectFrom('tenant').select(['log_id as logId', 'origin']).orderBy('log_id').execute(),
    newestCheckpoint: async (logId) => {
      const row = await newest(logId).select(['start', 'n', 'checkpoint']).executeTakeFirst();
      return row && { size: Number(row.start) + row.n, checkpoint: row.checkpoint };
    },
    readBatches: async (logId, { first, limit }) => {
      const holder = newest(logId).select('start').where('start', '<=', String(first));
      const rows = await batchesOf(logId)
        .select(['start', 'entries'])
        .where('start', '>=', sql<string>`coalesce(${holder}, ${first})`)
        .where('start', '<', String(first + limit))
        .orderBy('start')
        .execute();
      return rows.map((row) => ({
        start: Number(row.start),
        entries: decodeEntryBundle(row.entries),
      }));
    },
    batchesFrom: async (logId, start) => {
      const rows = await batchesOf(logId)
        .selectAll()
        .where('start', '>=', String(start))
        .orderBy('start')
        .limit(BATCHES_A_READ)
        .execute();
      return rows.map((row) => ({
        ...row,
        start: Number(row.start),
        entries: entriesStored(row.entries),
      }));
    },
    tilesOf: (logId) => tilesOf(db, logId),
    leafTilesOf: async ({ logId, idx }) => {
      const rows = await db
        .selectFrom('log_tile')
        .select('hashes')
        .where('log_id', '=', logId)
        .where('level', '=', 0)
        .where('idx', '>=', String(idx * TILE_WIDTH))
        .where('idx', '<', String((idx + 1) * TILE_WIDTH))
        .orderBy('idx')
        .execute();
      return rows.map((row) => row.hashes);
    },
    keepTiles: (logId, tiles) => keepTiles(db, logId, tiles),
    dropEntries: async (place) => {
      let dropped = 0;
      for (;;) {
        const some = await dropSome(db, place.logId, endOf(place));
        dropped += some;
        if (some < BATCHES_A_DROP) return dropped;
      }
    },
  };
}

/** Oldest first, so that what is left begins where it ended. The database refuses what is not archived. */
async function dropSome(db: Kysely<ArchiverDatabase>, logId: string, end: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from log_batch where log_id = ${logId} and start = any(
      select b.start from log_batch b
      where b.log_id = ${logId} and b.start < ${end} and b.start + b.n <= ${end}
        and b.start < (select max(start) from log_batch where log_id = ${logId})
      order by b.start limit ${BATCHES_A_DROP})`.execute(db);
  return Number(numAffectedRows ?? 0);
}

function tilesOf(db: Kysely<ArchiverDatabase>, logId: string): ReturnType<LogLedger['tilesOf']> {
  return {
    findTile: async ({ level, idx }) => {
      const row = await db
        .selectFrom('log_tile')
        .select('hashes')
        .where('log_id', '=', logId)
        .where('level', '=', level)
        .where('idx', '=', String(idx))
        .executeTakeFirst();
      return row?.hashes;
    },
    insertTile: (tile) => keepTiles(db, logId, [tile]),
  };
}

async function keepTiles(
  db: Kysely<ArchiverDatabase>,
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
