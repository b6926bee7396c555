import { type Kysely, sql } from 'kysely';
import type { AccessDatabase } from '../database.ts';
import type { LogToShow } from '@mnv/service-kit';

/** The logs whose newest checkpoint a witness has not cosigned; with `all`, every log that has entries. */
export async function findLogsToShow(
  db: Kysely<AccessDatabase>,
  { witness, all }: { witness: string; all: boolean },
): Promise<LogToShow[]> {
  const { rows } = await sql<LogToShow>`
    select t.log_id as "logId", t.origin, newest.size::float8 as size, newest.checkpoint,
      coalesce(w.size, 0)::float8 as "witnessedSize"
    from tenant t
    cross join lateral (
      select b.start + b.n as size, b.checkpoint from log_batch b
      where b.log_id = t.log_id order by b.start desc limit 1
    ) newest
    left join log_witnessed w on w.log_id = t.log_id and w.witness = ${witness}
    where ${all} or coalesce(w.size, 0) < newest.size`.execute(db);
  return rows;
}

/** Remembers a cosigned checkpoint, unless a larger one is remembered already. */
export async function keepWitnessed(
  db: Kysely<AccessDatabase>,
  { logId, witness, size, note }: { logId: string; witness: string; size: number; note: string },
): Promise<void> {
  await db
    .insertInto('log_witnessed')
    .values({ log_id: logId, witness, size, note })
    .onConflict((conflict) =>
      conflict
        .columns(['log_id', 'witness'])
        .doUpdateSet({ size, note, at: sql<Date>`now()` })
        .where('log_witnessed.size', '<', String(size)),
    )
    .execute();
}

/** The largest checkpoint of a log that an external witness cosigned, as a note with its cosignature. */
export async function newestWitnessed(
  db: Kysely<AccessDatabase>,
  logId: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('log_witnessed')
    .select('note')
    .where('log_id', '=', logId)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.note;
}
