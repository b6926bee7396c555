import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { withTenant } from '@mnv/service-kit';
import type { VaultDatabase } from '../database.ts';

/** A request that released: when (ms), and its entries as they stand in the log. */
export type KeptRelease = { at: number; entries: Buffer };

const ROWS_A_READ = 500;

/**
 * What was released of a tenant's records before an epoch was planned, in pieces. Later rows gave no number of
 * the epoch's records: they were frozen.
 */
export async function* readReleases(
  db: Kysely<VaultDatabase>,
  { tenantId, epoch }: { tenantId: string; epoch: number },
): AsyncGenerator<KeptRelease[]> {
  let [day, rid] = ['0001-01-01', '00000000-0000-0000-0000-000000000000'];
  for (;;) {
    const from = [day, rid];
    const rows = await withTenant(db, tenantId, async (trx) => {
      const found = await sql<{ day: string; rid: string; at: Date; entries: Buffer }>`
        select r.day::text as day, r.rid, r.at, r.entries from release r
        where r.tenant_id = ${tenantId} and (r.day, r.rid) > (${from[0]}::date, ${from[1]}::uuid)
          and r.at <= (select planned_at from epoch_job where epoch = ${epoch})
        order by r.day, r.rid limit ${ROWS_A_READ}`.execute(trx);
      return found.rows;
    });
    const last = rows.at(-1);
    if (!last) return;
    yield rows.map(({ at, entries }) => ({ at: at.getTime(), entries }));
    [day, rid] = [last.day, last.rid];
  }
}

/**
 * When the database was last reconciled after a restore in the life of a record (ms), for those of the records
 * that were there. The end of the reconciliation and not its beginning: a backup may have been made while it was
 * open, and nothing is released meanwhile.
 */
export function findRestored(
  db: Kysely<VaultDatabase>,
  { tenantId }: { tenantId: string },
  recordIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  return withTenant(db, tenantId, async (trx) => {
    const { rows } = await sql<{ record_id: string; restored_at: Date }>`
      select n.record_id, max(r.done_at) as restored_at
      from number_record n join reconciliation r on r.done_at >= n.stored_at
      where n.tenant_id = ${tenantId} and n.record_id = any(${recordIds}::uuid[])
      group by n.record_id`.execute(trx);
    return new Map(rows.map((row) => [row.record_id, row.restored_at.getTime()]));
  });
}

/** Keeps what was counted, by record id. */
export async function keepEgress(
  db: Kysely<VaultDatabase>,
  { tenantId, disposalId }: { tenantId: string; disposalId: string },
  counted: readonly { recordId: string; egress: object }[],
): Promise<void> {
  await withTenant(db, tenantId, async (trx) => {
    await sql`
      update disposal_item i set egress = c.egress
      from unnest(${counted.map(({ recordId }) => recordId)}::uuid[],
        ${counted.map(({ egress }) => JSON.stringify(egress))}::jsonb[]) as c(record_id, egress)
      where i.disposal_id = ${disposalId} and i.record_id = c.record_id`.execute(trx);
  });
}
