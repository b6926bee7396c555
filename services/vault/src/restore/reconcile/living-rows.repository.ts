import { type Kysely, sql } from 'kysely';
import { withTenant } from '@mnv/service-kit';
import type { VaultDatabase } from '../../database.ts';
import type { SealedNumber } from '../../open-numbers.ts';
import { stopErasedBatches } from './incident.repository.ts';

const PAGE = 500;

/** How many records the rows call living, over all tenants. */
export async function countLivingRows(
  db: Kysely<VaultDatabase>,
  tenantIds: readonly string[],
): Promise<number> {
  let count = 0;
  for (const tenantId of tenantIds) {
    count += await withTenant(db, tenantId, async (trx) => {
      const { rows } = await sql<{ n: string }>`
        select count(*) as n from number_record
        where tenant_id = ${tenantId} and disposed_at is null`.execute(trx);
      return Number(rows[0]?.n);
    });
  }
  return count;
}

/** The records of a tenant that the rows call living, page by page, by position. */
export async function* livingRows(
  db: Kysely<VaultDatabase>,
  tenantId: string,
): AsyncGenerator<SealedNumber[]> {
  for (let after = -1; ; ) {
    const page = await withTenant(db, tenantId, async (trx) => {
      const { rows } = await sql<{ record_id: string; position: string; sealed_number: Buffer }>`
        select record_id, position, sealed_number from number_record
        where tenant_id = ${tenantId} and disposed_at is null and position > ${after}
        order by position limit ${PAGE}`.execute(trx);
      return rows.map((row) => ({
        recordId: row.record_id,
        position: Number(row.position),
        blob: row.sealed_number,
      }));
    });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    after = last.position;
  }
}

/**
 * Disposes of records again whose keys are erased, tells the feed, counts them in the open incident, and stops
 * the batches that wait for them.
 */
export function dropRecords(
  db: Kysely<VaultDatabase>,
  { tenantId, recordIds }: { tenantId: string; recordIds: readonly string[] },
): Promise<void> {
  return withTenant(db, tenantId, async (trx) => {
    await sql`
      with dropped as (
        select d as record_id from dispose_of_records(${tenantId}, ${recordIds}::uuid[]) as d
      ), told as (
        insert into record_event (kind, tenant_id, record_id)
        select 'erased', ${tenantId}, record_id from dropped
      )
      update reconciliation set dropped = dropped + (select count(*) from dropped)
      where done_at is null`.execute(trx);
    await stopErasedBatches(trx, { tenantId, recordIds });
  });
}
