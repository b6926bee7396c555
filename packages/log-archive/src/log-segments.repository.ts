import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { ArchiverDatabase } from './archive-database.repository.ts';
import type { LogLedger, SegmentRow } from './log-ledger.ts';
import type { SegmentPlace } from './segment.ts';
import { logReads } from './stored-logs.repository.ts';

type Segments = Pick<LogLedger, 'beginSegment' | 'markReadBack' | 'destroyKey'>;

/** The steps a segment takes. */
export function segmentLedger(db: Kysely<ArchiverDatabase>): Segments {
  const update = ({ logId, idx }: SegmentPlace) =>
    db.updateTable('log_segment').where('log_id', '=', logId).where('idx', '=', String(idx));
  return {
    beginSegment: async (segment) => {
      await insertSegment(db, segment);
      const row = await logReads(db).segmentAt(segment.logId, segment.idx);
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
