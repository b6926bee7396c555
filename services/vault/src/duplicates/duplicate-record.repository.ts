import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { withTenant } from '@mnv/service-kit';
import type { VaultDatabase } from '../database.ts';

/** A record whose number another person's record holds as well: the one with the same `holders`. */
export type DuplicateRecord = { recordId: string; holders: string };

/** What the last sweep of a tenant found and still stands. */
export type DuplicatesPage = {
  /** Records stored before this were compared; undefined before the first sweep. */
  comparedBefore: Date | undefined;
  compared: number;
  /** Over all pages. */
  count: number;
  records: DuplicateRecord[];
};

/**
 * Living records of several people with one number, those with the same `holders` together, behind a record
 * of the page before. What was disposed of since, and what is left alone by that, is not among them.
 */
export async function readDuplicates(
  db: Kysely<VaultDatabase>,
  tenantId: string,
  { after, limit }: { after: DuplicateRecord | undefined; limit: number },
): Promise<DuplicatesPage> {
  return withTenant(db, tenantId, async (trx) => {
    const sweep = await trx
      .selectFrom('duplicate_sweep')
      .select(['stored_before', 'compared'])
      .where('tenant_id', '=', tenantId)
      .executeTakeFirst();
    const living = sql`
      select d.holders, d.record_id,
        count(*) over ()::integer as total
      from duplicate_record d
      join number_record r on r.tenant_id = d.tenant_id and r.record_id = d.record_id
      where d.tenant_id = ${tenantId} and r.disposed_at is null
        and r.superseded_as is distinct from 'corrected' and exists (
        select from duplicate_record o
        join number_record p on p.tenant_id = o.tenant_id and p.record_id = o.record_id
        where o.tenant_id = d.tenant_id and o.holders = d.holders and p.disposed_at is null
          and p.superseded_as is distinct from 'corrected'
          and p.individual_ref <> r.individual_ref)`;
    const { rows } = await sql<{ holders: string; record_id: string; total: number }>`
      select * from (${living}) found
      where ${after === undefined ? sql`true` : sql`(holders, record_id) > (${after.holders}::uuid, ${after.recordId}::uuid)`}
      order by holders, record_id limit ${limit}`.execute(trx);
    return {
      comparedBefore: sweep?.stored_before,
      compared: Number(sweep?.compared ?? 0),
      count: rows[0]?.total ?? 0,
      records: rows.map((row) => ({ recordId: row.record_id, holders: row.holders })),
    };
  });
}
