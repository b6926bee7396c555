import type { Kysely, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { ArchiverDatabase } from './archive-database.repository.ts';
import type { LogLedger, SegmentRow } from './log-ledger.ts';
import type { SegmentPlace } from './segment.ts';

type Segments = Pick<LogLedger, 'segmentsOf' | 'beginSegment' | 'markReadBack' | 'destroyKey'>;

/** What the database knows of archived segments. */
export function segmentLedger(db: Kysely<ArchiverDatabase>): Segments {
  const update = ({ logId, idx }: SegmentPlace) =>
    db.updateTable('log_segment').where('log_id', '=', logId).where('idx', '=', String(idx));
  return {
    segmentsOf: (logId) => segmentsOf(db, logId),
    beginSegment: async (segment) => {
      await insertSegment(db, segment);
      const rows = await segmentsOf(db, segment.logId);
      const row = rows.find(({ idx }) => idx === segment.idx);
      if (!row) throw new Error('a segment was neither stored nor found');
      return row;
    },
    markReadBack: async (place) => {
      await update(place)
        .set({ read_back_at: sql`now()` })
        .where('read_back_at', 'is', null)
        .execute();
    },
    destroyKey: async (place) => {
      await update(place)
        .set({ sealed_key: null, key_destroyed_at: sql`now()` })
        .where('sealed_key', 'is not', null)
        .execute();
    },
  };
}

/** Every segment of a log that archiving was begun of, in order. */
async function segmentsOf(db: Kysely<ArchiverDatabase>, logId: string): Promise<SegmentRow[]> {
  const rows = await db
    .selectFrom('log_segment')
    .selectAll()
    .where('log_id', '=', logId)
    .orderBy('idx')
    .execute();
  return rows.map((row) => segmentFrom(row));
}

async function insertSegment(
  db: Kysely<ArchiverDatabase>,
  { logId, idx, root, sealedKey, firstAt, lastAt }: Omit<SegmentRow, 'readBack'>,
): Promise<void> {
  await db
    .insertInto('log_segment')
    .values({
      log_id: logId,
      idx,
      root: Buffer.from(root),
      sealed_key: sealedKey ? Buffer.from(sealedKey) : null,
      first_at: firstAt,
      last_at: lastAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function segmentFrom(row: Selectable<ArchiverDatabase['log_segment']>): SegmentRow {
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
