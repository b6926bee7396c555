import type { DurablePool } from '@mnv/service-kit';
import { durably } from '@mnv/service-kit';
import { type Kysely, sql } from 'kysely';
import type { VaultDatabase } from '../database.ts';

const DEADLINE_MS = 1_000;

/** The newest accepted checkpoint of an access log. */
export type SeenCheckpoint = { origin: string; size: number; root: Buffer };

/** The newest accepted checkpoints that have no entry in the control log yet. */
export async function findUnrecorded(db: Kysely<VaultDatabase>): Promise<SeenCheckpoint[]> {
  const { rows } = await sql<SeenCheckpoint>`
    select t.log_origin as origin, newest.size::float8 as size, newest.root
    from tenant t
    cross join lateral (
      select c.size, c.root from seen_checkpoint c
      where c.log_id = t.log_origin order by c.size desc limit 1
    ) newest
    where not exists (
      select from recorded_checkpoint r where r.log_id = t.log_origin and r.size >= newest.size
    )
    order by t.log_origin`.execute(db);
  return rows;
}

/** Remembers which checkpoints have their entry. */
export async function keepRecorded(
  pool: DurablePool,
  recorded: readonly SeenCheckpoint[],
): Promise<void> {
  const keep = {
    name: 'keep-recorded-checkpoints',
    text: `insert into recorded_checkpoint (log_id, size)
      select * from unnest($1::text[], $2::bigint[]) on conflict do nothing`,
    values: [recorded.map(({ origin }) => origin), recorded.map(({ size }) => size)],
  };
  await durably(pool, keep, DEADLINE_MS);
}
