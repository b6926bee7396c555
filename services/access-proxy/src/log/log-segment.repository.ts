import type { SegmentRow } from '@mnv/log-archive';
import type { Kysely } from 'kysely';
import type { AccessDatabase } from '../database.ts';

/** The archived segments of a log that were read back, in order; with `idx`, that one alone. */
export async function readSegments(
  db: Kysely<AccessDatabase>,
  logId: string,
  idx?: number,
): Promise<SegmentRow[]> {
  const rows = await db
    .selectFrom('log_segment')
    .selectAll()
    .where('log_id', '=', logId)
    .where('read_back_at', 'is not', null)
    .$if(idx !== undefined, (query) => query.where('idx', '=', String(idx)))
    .orderBy('idx')
    .execute();
  return rows.map((row) => ({
    logId,
    idx: Number(row.idx),
    root: row.root,
    sealedKey: row.sealed_key ?? undefined,
    firstAt: row.first_at,
    lastAt: row.last_at,
    readBack: true,
  }));
}
