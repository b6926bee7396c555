import { sql } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import type { RetentionTransaction } from '../database.ts';
import { HELD } from '../holds/hold.repository.ts';
import type { DryRunSummary } from './dry-run.ts';
import { partSizeOf } from './dry-run.ts';

type Listed = { dryRunId: string; until: LegalDay; overdueBefore: LegalDay };
type CountRow = {
  records: string;
  along_d: string;
  along_s3: string;
  orphans: string;
  outlive: string;
  oldest: string | null;
  overdue: string;
};

/** What is to be known of a list before anybody requests the disposal of its records. */
export async function summariseDryRun(
  trx: RetentionTransaction,
  tenantId: string,
  { dryRunId, until, overdueBefore }: Listed,
): Promise<DryRunSummary> {
  const list = await countList(trx, tenantId, { dryRunId, until, overdueBefore });
  const around = await countAround(trx, tenantId, { dryRunId, until });
  const partSize = partSizeOf(around.living);
  return {
    ...list,
    bySubject: await countSubjects(trx, tenantId, dryRunId),
    leftBehind: around.leftBehind,
    held: around.held,
    keptBy: await countKept(trx, tenantId, until),
    parts: Math.ceil(list.records / partSize),
    partSize,
  };
}

const LISTED = (tenantId: string, dryRunId: string) => sql`
  listed as materialized (
    select r.*, l.deletable_from, l.documents, l.documents_until
    from dry_run_record d
    join tracked_record r using (tenant_id, record_id)
    left join record_life l using (tenant_id, record_id)
    where d.tenant_id = ${tenantId} and d.dry_run_id = ${dryRunId}),
  owner as materialized (
    select individual_ref, bool_or(record_id in (select record_id from listed)) as goes
    from tracked_record where tenant_id = ${tenantId} and subject = 'E' and state = 'living'
    group by individual_ref)`;

async function countList(
  trx: RetentionTransaction,
  tenantId: string,
  {
    dryRunId,
    until,
    overdueBefore,
  }: { dryRunId: string; until: LegalDay; overdueBefore: LegalDay },
): Promise<
  Pick<
    DryRunSummary,
    'records' | 'goingAlong' | 'orphans' | 'documentsOutlive' | 'oldestDueSince' | 'overdue'
  >
> {
  const { rows } = await sql<CountRow>`
    with ${LISTED(tenantId, dryRunId)}
    select count(*) as records,
      count(*) filter (where subject = 'D' and owner.goes) as along_d,
      count(*) filter (where subject = 'S3' and owner.goes) as along_s3,
      count(*) filter (where subject in ('D', 'S3') and owner.goes is null) as orphans,
      count(*) filter (where documents > 0 and coalesce(documents_until > ${until}, true)) as outlive,
      min(deletable_from)::text as oldest,
      count(*) filter (where deletable_from < ${overdueBefore}) as overdue
    from listed left join owner on owner.individual_ref = listed.related_ref`.execute(trx);
  const [row] = rows;
  if (row === undefined) throw new Error('a count without a row');
  return {
    records: Number(row.records),
    goingAlong: { D: Number(row.along_d), S3: Number(row.along_s3) },
    orphans: Number(row.orphans),
    documentsOutlive: Number(row.outlive),
    oldestDueSince: row.oldest,
    overdue: Number(row.overdue),
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
    where d.tenant_id = ${tenantId} and d.dry_run_id = ${dryRunId} group by r.subject order by 1`.execute(
    trx,
  );
  return Object.fromEntries(rows.map((row) => [row.subject, Number(row.records)]));
}

/** What is not on the list, and is to be known with it. */
async function countAround(
  trx: RetentionTransaction,
  tenantId: string,
  { dryRunId, until }: { dryRunId: string; until: LegalDay },
): Promise<{ living: number; held: number; leftBehind: number }> {
  const { rows } = await sql<{ living: string; held: string; left_behind: string }>`
    with ${LISTED(tenantId, dryRunId)},
    staying as (
      select r.* from tracked_record r
      where r.tenant_id = ${tenantId} and r.state = 'living' and r.record_id not in (select record_id from listed))
    select (select count(*) from tracked_record where tenant_id = ${tenantId} and state <> 'erased') as living,
      (select count(*) from record_life l join tracked_record r using (tenant_id, record_id)
        where l.tenant_id = ${tenantId} and l.deletable_from <= ${until} and r.state = 'living' and ${HELD}) as held,
      (select count(*) from staying join owner on owner.individual_ref = staying.related_ref
        where staying.subject in ('D', 'S3') and owner.goes) as left_behind`.execute(trx);
  const [row] = rows;
  return {
    living: Number(row?.living ?? 0),
    held: Number(row?.held ?? 0),
    leftBehind: Number(row?.left_behind ?? 0),
  };
}

async function countKept(
  trx: RetentionTransaction,
  tenantId: string,
  until: LegalDay,
): Promise<Record<string, number>> {
  const { rows } = await sql<{ block: string; records: string }>`
    select block, count(*) as records
    from record_life l join tracked_record r using (tenant_id, record_id),
      unnest(case when l.deletable_from > ${until} then array[':not-yet'] else l.blocked_by end) as block
    where l.tenant_id = ${tenantId} and r.state = 'living' group by block order by 2 desc, 1`.execute(
    trx,
  );
  return Object.fromEntries(rows.map((row) => [row.block, Number(row.records)]));
}
