import { sql } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import type { RetentionTransaction } from '../database.ts';

/** Whether something was told of a record of a disposal whose life is not computed yet. */
export async function isLifePending(
  trx: RetentionTransaction,
  { tenantId, disposalId }: { tenantId: string; disposalId: string },
): Promise<boolean> {
  const { rows } = await sql`
    select from life_pending p join disposal_record d using (tenant_id, record_id)
    where d.tenant_id = ${tenantId} and d.disposal_id = ${disposalId} limit 1`.execute(trx);
  return rows.length > 0;
}

/**
 * Whether a record of a disposal was due when it was drafted and has a ground again: somebody came back. One that
 * was disposed of for another reason from the first is not asked about.
 */
export async function isNeededAgain(
  trx: RetentionTransaction,
  { tenantId, disposalId, today }: { tenantId: string; disposalId: string; today: LegalDay },
): Promise<boolean> {
  const { rows } = await sql`
    select from disposal_record d join record_life l using (tenant_id, record_id)
    where d.tenant_id = ${tenantId} and d.disposal_id = ${disposalId} and d.due_since <= ${today}
      and coalesce(l.deletable_from > ${today}, true) limit 1`.execute(trx);
  return rows.length > 0;
}
