import { sql } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import type { RetentionTransaction } from '../database.ts';
import { HELD } from '../holds/hold.repository.ts';
import type { TrackedRecord } from '../tracked-record.ts';

/** A record whose last ground has ended. */
export type DueRecord = {
  recordId: string;
  subject: TrackedRecord['subject'];
  individualRef: string;
  relatedRef: string | null;
  dueSince: LegalDay;
  /** A legal hold keeps it all the same. */
  held: boolean;
};

/** Due records up to a day, the longest due first, page by page. */
export async function findDue(
  trx: RetentionTransaction,
  tenantId: string,
  asked: {
    until: LegalDay;
    after: { dueSince: LegalDay; recordId: string } | undefined;
    limit: number;
  },
): Promise<DueRecord[]> {
  const { until, after, limit } = asked;
  const { rows } = await sql<{
    record_id: string;
    subject: DueRecord['subject'];
    individual_ref: string;
    related_ref: string | null;
    due_since: string;
    held: boolean;
  }>`
    select r.record_id, r.subject, r.individual_ref, r.related_ref, l.deletable_from::text as due_since,
      ${HELD} as held
    from record_life l join tracked_record r using (tenant_id, record_id)
    where l.tenant_id = ${tenantId} and l.deletable_from <= ${until} and r.state = 'living'
      and (${after === undefined} or (l.deletable_from, l.record_id)
        > (${after?.dueSince ?? '0001-01-01'}::date, ${after?.recordId ?? null}::uuid))
    order by l.deletable_from, l.record_id limit ${limit}`.execute(trx);
  return rows.map((row) => ({
    recordId: row.record_id,
    subject: row.subject,
    individualRef: row.individual_ref,
    relatedRef: row.related_ref,
    dueSince: row.due_since,
    held: row.held,
  }));
}
