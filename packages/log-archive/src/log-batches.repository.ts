import { TILE_WIDTH } from '@mnv/transparency-log';
import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { ArchiverDatabase } from './archive-database.repository.ts';
import type { LogLedger } from './log-ledger.ts';
import { endOf } from './segment.ts';
import { batchStored } from './stored-bundle.ts';
import { keepTiles } from './stored-logs.repository.ts';

const BATCHES_A_READ = 64;
const BATCHES_A_DROP = 2_000;

type Batches = Pick<
  LogLedger,
  'logs' | 'batchesFrom' | 'leafTilesOf' | 'keepTiles' | 'dropEntries'
>;

/** Batches and tiles of the access logs, as far as the archiver may touch them. */
export function batchLedger(db: Kysely<ArchiverDatabase>): Batches {
  const batchesOf = (logId: string) => db.selectFrom('log_batch').where('log_id', '=', logId);
  return {
    logs: () =>
      db.selectFrom('tenant').select(['log_id as logId', 'origin']).orderBy('log_id').execute(),
    batchesFrom: async (logId, start) => {
      const rows = await batchesOf(logId)
        .selectAll()
        .where('start', '>=', String(start))
        .orderBy('start')
        .limit(BATCHES_A_READ)
        .execute();
      return rows.map((row) => batchStored(row));
    },
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
