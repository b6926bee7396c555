import { sql } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import type { RetentionTransaction } from '../database.ts';
import { daysBefore } from '../due/policy.ts';

/** After so many days somebody is reminded of a certificate nobody took, or of a thing nobody received. */
const REMIND_AFTER_DAYS = 14;

/**
 * What waits for people on a day, beside the records: a released law table nobody signed off, certificates
 * nobody fetched or acknowledged, deletions of subcontractors without a proof, carried things without a receipt.
 */
export async function countPaperTopics(
  trx: RetentionTransaction,
  tenantId: string,
  { today, lawVersion }: { today: LegalDay; lawVersion: LegalDay },
): Promise<Map<string, number>> {
  const before = daysBefore(today, REMIND_AFTER_DAYS);
  const { rows } = await sql<{ topic: string; waiting: string }>`
    with late as (
      select c.disposal_id,
        exists (select from certificate_delivery e
          where e.tenant_id = ${tenantId} and e.disposal_id = c.disposal_id) as delivered,
        exists (select from certificate_acknowledgement a
          where a.tenant_id = ${tenantId} and a.disposal_id = c.disposal_id) as acknowledged
      from disposal_certificate c
      where c.tenant_id = ${tenantId} and (c.issued_at at time zone 'Asia/Tokyo')::date < ${before}),
    open as (
      select 'certificate-undelivered' as topic from late where not delivered
      union all select 'certificate-unacknowledged' from late where delivered and not acknowledged
      union all select 'subcontractor-certificate' from subcontractor_deletion d
        where tenant_id = ${tenantId} and due_on < ${today} and not exists (
          select from subcontractor_certificate c
          where c.tenant_id = ${tenantId} and c.deletion_id = d.deletion_id)
      union all select 'carried-unreceived' from carried_item i
        where tenant_id = ${tenantId} and carried_on < ${before} and not exists (
          select from carried_item_end e where e.tenant_id = ${tenantId} and e.carry_id = i.carry_id)
      union all select 'law-adoption' from law_table t
        where tenant_id = ${tenantId} and source = 'released' and version > ${lawVersion} and not exists (
          select from law_adoption a where a.tenant_id = ${tenantId} and a.table_digest = t.digest
            and a.effective_on is not null))
    select topic, count(*) as waiting from open group by topic`.execute(trx);
  return new Map(rows.map((row) => [row.topic, Number(row.waiting)]));
}
