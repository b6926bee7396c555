import { createKysely, createPool } from '@mnv/service-kit';
import { parseCheckpoint, parseNote } from '@mnv/transparency-log';
import type { ColumnType, Kysely } from 'kysely';
import type { CheckedLedger } from './fsck-log.ts';
import { PATIENCE } from './patience.ts';
import { batchStored } from './stored-bundle.ts';

type Bigint = ColumnType<string, never, never>;

type ControlDatabase = {
  control_batch: {
    start: Bigint;
    n: number;
    entries: Buffer;
    root: Buffer;
    checkpoint: string;
    edge: Buffer;
  };
  control_tile: { level: number; idx: Bigint; hashes: Buffer };
};

const BATCHES_A_READ = 256;

/** Connects to the vault's database by any role that may read the control log. Throws StartupError as openLedger does. */
export function openControlLedger(place: {
  connectionString: string;
  caFile?: string | undefined;
}): { ledger: ControlLedger; close(): Promise<void> } {
  const setting = 'the vault’s database address';
  const applicationName = 'control-log-fsck';
  const pool = createPool({ ...place, ...PATIENCE, setting, max: 2, applicationName });
  return { ledger: controlLedgerOver(createKysely(pool)), close: () => pool.end() };
}

/** The control log as it is stored: one log, nothing of it ever archived. */
export type ControlLedger = CheckedLedger & {
  /** What the newest checkpoint calls the log; undefined for a log without entries. Verifies nothing. */
  origin(): Promise<string | undefined>;
};

function controlLedgerOver(database: Kysely<ControlDatabase>): ControlLedger {
  const db = database.withSchema('vault');
  const newestCheckpoint: ControlLedger['newestCheckpoint'] = async () => {
    const row = await db
      .selectFrom('control_batch')
      .select(['start', 'n', 'checkpoint'])
      .orderBy('start', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row && { size: Number(row.start) + row.n, checkpoint: row.checkpoint };
  };
  return {
    segmentsOf: () => Promise.resolve([]),
    leafTilesOf: () => Promise.resolve([]),
    newestCheckpoint,
    origin: async () => {
      const newest = await newestCheckpoint('');
      return newest && parseCheckpoint(parseNote(newest.checkpoint).text).origin;
    },
    batchesFrom: async (_logId, start) => {
      const rows = await db
        .selectFrom('control_batch')
        .selectAll()
        .where('start', '>=', String(start))
        .orderBy('start')
        .limit(BATCHES_A_READ)
        .execute();
      return rows.map((row) => batchStored(row));
    },
    tilesOf: () => ({
      findTile: async ({ level, idx }) => {
        const row = await db
          .selectFrom('control_tile')
          .select('hashes')
          .where('level', '=', level)
          .where('idx', '=', String(idx))
          .executeTakeFirst();
        return row?.hashes;
      },
    }),
  };
}
