import { sql } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import type { RetentionTransaction } from '../database.ts';
import { HELD } from '../holds/hold.repository.ts';
import type { DryRunSummary } from './dry-run.ts';
import { partSizeOf } from './dry-run.ts';

type Listed = { dryRunId: string; until: LegalDay; overdueBefore: LegalDay };

/** What is to be known of a list before anybody requests the disposal of its records. */
export async function summariseDryRun(
  trx: RetentionTransaction,
  tenantId: string,
  listed: Listed,
): Promise<DryRunSummary> {
  // The list was written a moment ago, so the planner takes it for empty and would look through it row by row.
  await sql`set local enable_nestloop = off`.execute(trx);
  const { living, ...list } = await countList(trx, tenantId, listed);
  const partSize = partSizeOf(living);
  return {
    ...list,
    bySubject: await countSubjects(trx, tenantId, listed.dryRunId),
    keptBy: await countKept(trx, tenantId, listed.until),
    parts: Math.ceil(list.records / partSize),
    partSize,
  };
}

type CountRow = {
  records: string;
  along_d: string;
  along_s3: string;
  orphans: string;
  outlive: string;
  oldest: string | null;
  overdue: string;
  living: string;
  held: string;
  left_behind: string;
};

type Counts = Omit<DryRunSummary, 'bySubject' | 'keptBy' | 'parts' | 'partSize'>;

/** `goes`: of whoever has dependants, whether the employee’s own record is on the list. */
async function countList(
  trx: RetentionTransaction,
  tenantId: string,
  { dryRunId, until, overdueBefore }: Listed,
): Promise<Counts & { living: number }> {
  const { rows } = await sql<CountRow>`
    with listed as materialized (
      select r.record_id, r.subject, r.related_ref, l.deletable_from, l.documents, l.documents_until
      from dry_run_record d
      join tracked_record r using (tenant_id, record_id)
      left join record_life l using (tenant_id, record_id)
      where d.tenant_id = ${tenantId} and d.dry_run_id = ${dryRunId}),
    dependant as materialized (
      select r.record_id, r.subject, r.related_ref, i.record_id is not null as goes
      from tracked_record r left join listed i using (record_id)
      where r.tenant_id = ${tenantId} and r.subject in ('D', 'S3') and r.state = 'living'),
    owner as materialized (
      select o.individual_ref, bool_or(i.record_id is not null) as goes
      from tracked_record o left join listed i using (record_id)
      where o.tenant_id = ${tenantId} and o.subject = 'E' and o.state = 'living'
        and o.superseded_by is null
        and o.individual_ref in (select related_ref from dependant)
      group by o.individual_ref),
    coupled as (
      select d.subject, d.goes, owner.goes as owner_goes
      from dependant d left join owner on owner.individual_ref = d.related_ref)
    select count(*) as records,
      count(*) filter (where documents > 0 and coalesce(documents_until > ${until}, true)) as outlive,
      min(deletable_from)::text as oldest,
      count(*) filter (where deletable_from < ${overdueBefore}) as overdue,
      (select count(*) from coupled where goes and owner_goes and subject = 'D') as along_d,
      (select count(*) from coupled where goes and owner_goes and subject = 'S3') as along_s3,
      (select count(*) from coupled where goes and owner_goes is null) as orphans,
      (select count(*) from coupled where not goes and owner_goes) as left_behind,
      (select count(*) from tracked_record where tenant_id = ${tenantId} and state <> 'erased') as living,
      (select count(*) from record_life l join tracked_record r using (tenant_id, record_id)
        where l.tenant_id = ${tenantId} and l.deletable_from <= ${until} and r.state = 'living'
          and ${HELD}) as held
    from listed`.execute(trx);
  return countsOf(rows[0]);
}

function countsOf(row: CountRow | undefined): Counts & { living: number } {
  if (row === undefined) throw new Error('a count without a row');
  return {
    records: Number(row.records),
    goingAlong: { D: Number(row.along_d), S3: Number(row.along_s3) },
    orphans: Number(row.orphans),
    leftBehind: Number(row.left_behind),
    documentsOutlive: Number(row.outlive),
    oldestDueSince: row.oldest,
    overdue: Number(row.overdue),
    held: Number(row.held),
    living: Number(row.living),
  };
}

async function countSubjects(
  trx: RetentionTransaction,
  tenantId: string,
  dryRunId: string,
): Promise<Record<string, number>> {
  const { rows } = await sql<{ subject: string; records: string }>`
    select r.subject, count(*) as records
    from dry_run_record d join tracked_record r using (tenant_id, record_id)
    where d.tenant_id = ${tenantId} and d.dry_run_id = ${dryRunId}
    group by r.subject order by 1`.execute(trx);
  return Object.fromEntries(rows.map((row) => [row.subject, Number(row.records)]));
}

/** What keeps the living records that are not on the list. */
async function countKept(
  trx: RetentionTransaction,
  tenantId: string,
  until: LegalDay,
): Promise<Record<string, number>> {
  const { rows } = await sql<{ block: string; records: string }>`
    select block, count(*) as records
    from record_life l join tracked_record r using (tenant_id, record_id),
      unnest(case when l.deletable_from > ${until} then array[':not-yet'] else l.blocked_by end) as block
    where l.tenant_id = ${tenantId} and r.state = 'living'
      and (l.deletable_from is null or l.deletable_from > ${until})
    group by block order by 2 desc, 1`.execute(trx);
  return Object.fromEntries(rows.map((row) => [row.block, Number(row.records)]));
}
