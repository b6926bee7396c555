import { type Kysely, sql } from 'kysely';
import { joinCosignatures } from '@mnv/transparency-log';
import type { AccessDatabase } from '../database.ts';
import type { LogOfWitness, WitnessAsked } from './witness-watch.ts';

/**
 * For each witness, the logs whose newest checkpoint it has not cosigned; with `all`, every log that has entries.
 * One statement, and so one checkpoint of a log for all of them: what several cosign has to be the same.
 */
export async function findLogsToShow(
  db: Kysely<AccessDatabase>,
  asked: readonly WitnessAsked[],
): Promise<LogOfWitness[]> {
  const names = asked.map(({ witness }) => witness);
  const all = asked.map((one) => one.all);
  const { rows } = await sql<LogOfWitness>`
    select asked.witness, t.log_id as "logId", t.origin, newest.size::float8 as size, newest.checkpoint,
      coalesce(w.size, 0)::float8 as "witnessedSize"
    from tenant t
    cross join lateral (
      select b.start + b.n as size, b.checkpoint from log_batch b
      where b.log_id = t.log_id order by b.start desc limit 1
    ) newest
    cross join unnest(${names}::text[], ${all}::boolean[]) as asked (witness, every_log)
    left join log_witnessed w on w.log_id = t.log_id and w.witness = asked.witness
    where asked.every_log or coalesce(w.size, 0) < newest.size`.execute(db);
  return rows;
}

export type Witnessed = { logId: string; witness: string; size: number; note: string };

/**
 * Remembers a cosigned checkpoint, unless the witness has a larger one, and what it joins with those of the others.
 * Of two witnesses remembered at once, whoever reads last finds both.
 */
export async function keepWitnessed(
  db: Kysely<AccessDatabase>,
  { logId, witness, size, note }: Witnessed,
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
  const notes = await notesOf(db, { logId, size });
  if (notes.length > 0) await keepJoined(db, { logId, size }, notes);
}

async function notesOf(
  db: Kysely<AccessDatabase>,
  { logId, size }: { logId: string; size: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom('log_witnessed')
    .select('note')
    .where('log_id', '=', logId)
    .where('size', '=', String(size))
    .orderBy('witness')
    .execute();
  return rows.map((row) => row.note);
}

async function keepJoined(
  db: Kysely<AccessDatabase>,
  { logId, size }: { logId: string; size: number },
  notes: readonly string[],
): Promise<void> {
  const note = joinCosignatures(notes);
  await db
    .insertInto('log_cosigned')
    .values({ log_id: logId, witnesses: notes.length, size, note })
    .onConflict((conflict) =>
      conflict
        .columns(['log_id', 'witnesses'])
        .doUpdateSet({ size, note, at: sql<Date>`now()` })
        .where('log_cosigned.size', '<', String(size)),
    )
    .execute();
}

/** The largest checkpoint of a log that so many external witnesses or more cosigned, with their cosignatures. */
export async function newestWitnessed(
  db: Kysely<AccessDatabase>,
  logId: string,
  witnesses: number,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('log_cosigned')
    .select('note')
    .where('log_id', '=', logId)
    .where('witnesses', '>=', witnesses)
    .orderBy('size', 'desc')
    .orderBy('witnesses', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.note;
}
