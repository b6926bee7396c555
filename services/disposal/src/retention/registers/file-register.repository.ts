import { sql } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import type { RetentionTransaction } from '../database.ts';

/** One 特定個人情報ファイル: the numbers of one kind of person kept for one purpose. Counts, and no number. */
export type RegisteredFile = {
  purpose: string;
  subject: string;
  living: number;
  /** Ordered to be disposed of, and read by nobody any more. */
  frozen: number;
  erased: number;
  firstStoredOn: LegalDay;
  /** The longest day any living record is kept for, where none is open. */
  keptUntil: LegalDay | null;
};

/** The files of a tenant, as the guideline wants them listed (別添1 C-c). */
export async function listFiles(
  trx: RetentionTransaction,
  tenantId: string,
): Promise<RegisteredFile[]> {
  const { rows } = await sql<{
    purpose: string;
    subject: string;
    living: string;
    frozen: string;
    erased: string;
    first_stored_on: string;
    kept_until: string | null;
    open: boolean;
  }>`
    select purpose, r.subject,
      count(*) filter (where r.state = 'living') as living,
      count(*) filter (where r.state = 'frozen') as frozen,
      count(*) filter (where r.state = 'erased') as erased,
      min(r.stored_on)::text as first_stored_on,
      max(l.keep_through) filter (where r.state <> 'erased')::text as kept_until,
      coalesce(bool_or(l.deletable_from is null) filter (where r.state <> 'erased'), false) as open
    from tracked_record r left join record_life l using (tenant_id, record_id), unnest(r.purposes) as purpose
    where r.tenant_id = ${tenantId} group by purpose, r.subject order by 1, 2`.execute(trx);
  return rows.map((row) => ({
    purpose: row.purpose,
    subject: row.subject,
    living: Number(row.living),
    frozen: Number(row.frozen),
    erased: Number(row.erased),
    firstStoredOn: row.first_stored_on,
    keptUntil: row.open ? null : row.kept_until,
  }));
}
