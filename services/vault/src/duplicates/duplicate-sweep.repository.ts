import { randomUUID } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import { withTenant } from '@mnv/service-kit';
import type { VaultDatabase } from '../database.ts';

const ROWS_A_STATEMENT = 5_000;
/** `stored_at` is when a store began: one that was under way while the numbers were read may have been missed. */
const OVERLAP = '10 minutes';

/** Positions of records of several people that hold one number. */
export type SharedNumber = readonly number[];

/** Whether a tenant has living records that no sweep has compared, and none was within twenty hours. */
export async function hasUncompared(db: Kysely<VaultDatabase>, tenantId: string): Promise<boolean> {
  return withTenant(db, tenantId, async (trx) => {
    const { rows } = await sql`
      select from number_record r
      left join duplicate_sweep s on s.tenant_id = r.tenant_id
      where r.tenant_id = ${tenantId} and r.disposed_at is null and (s.tenant_id is null
        or (s.stored_before < now() - interval '20 hours' and r.stored_at >= s.stored_before))
      limit 1`.execute(trx);
    return rows.length === 1;
  });
}

/** What is stored before this will be read by a sweep that begins now. */
export async function sweepsBefore(db: Kysely<VaultDatabase>): Promise<Date> {
  const { rows } = await sql<{ at: Date }>`select now() - ${OVERLAP}::interval as at`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('the database told no time');
  return row.at;
}

/** Replaces what is known of a tenant. Records that were disposed of meanwhile are left out. */
export async function saveSweep(
  db: Kysely<VaultDatabase>,
  tenantId: string,
  found: { storedBefore: Date; compared: number; shared: readonly SharedNumber[] },
): Promise<void> {
  const { storedBefore, compared, shared } = found;
  await withTenant(db, tenantId, async (trx) => {
    await trx.deleteFrom('duplicate_record').where('tenant_id', '=', tenantId).execute();
    const rows = shared.flatMap((positions) => {
      const holders = randomUUID();
      return positions.map((position) => ({ position, holders }));
    });
    for (let at = 0; at < rows.length; at += ROWS_A_STATEMENT)
      await insertRows(trx, tenantId, rows.slice(at, at + ROWS_A_STATEMENT));
    await trx
      .insertInto('duplicate_sweep')
      .values({ tenant_id: tenantId, stored_before: storedBefore, compared })
      .onConflict((conflict) =>
        conflict.column('tenant_id').doUpdateSet({ stored_before: storedBefore, compared }),
      )
      .execute();
  });
}

async function insertRows(
  trx: Transaction<VaultDatabase>,
  tenantId: string,
  rows: { position: number; holders: string }[],
): Promise<void> {
  await sql`
    insert into duplicate_record (tenant_id, record_id, holders)
    select r.tenant_id, r.record_id, f.holders
    from unnest(${rows.map((row) => row.position)}::bigint[], ${rows.map((row) => row.holders)}::uuid[])
      as f(position, holders)
    join number_record r on r.tenant_id = ${tenantId} and r.position = f.position
    where r.disposed_at is null`.execute(trx);
}
