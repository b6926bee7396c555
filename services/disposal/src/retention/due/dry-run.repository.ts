import { sql } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import type { RetentionTransaction } from '../database.ts';
import { HELD } from '../holds/hold.repository.ts';
import { summariseDryRun } from './dry-run-summary.repository.ts';
import type { DryRunAsked, DryRunSummary, KeptDryRun } from './dry-run.ts';

type Made = {
  dryRunId: string;
  asked: DryRunAsked;
  madeBy: string;
  overdueBefore: LegalDay;
  lawVersion: LegalDay;
};

/** Writes a dry run down: its list, and what is to be known of it. */
export async function insertDryRun(
  trx: RetentionTransaction,
  tenantId: string,
  { dryRunId, asked, madeBy, overdueBefore, lawVersion }: Made,
): Promise<KeptDryRun> {
  await sql`
    insert into dry_run (tenant_id, dry_run_id, kind, until_day, law_version, reason, summary, made_by)
    values (${tenantId}, ${dryRunId}, ${asked.kind}, ${asked.until}, ${lawVersion},
      ${asked.kind === 'early' ? asked.reason : null}, '{}', ${madeBy})`.execute(trx);
  await (asked.kind === 'due'
    ? insertDue(trx, tenantId, { dryRunId, until: asked.until })
    : insertNamed(trx, tenantId, { dryRunId, recordIds: asked.recordIds }));
  const summary = await summariseDryRun(trx, tenantId, {
    dryRunId,
    until: asked.until,
    overdueBefore,
  });
  await sql`update dry_run set summary = ${JSON.stringify(summary)}::jsonb
    where tenant_id = ${tenantId} and dry_run_id = ${dryRunId}`.execute(trx);
  return requireDryRun(await findDryRun(trx, tenantId, dryRunId));
}

function requireDryRun(found: KeptDryRun | undefined): KeptDryRun {
  if (found === undefined) throw new Error('a dry run just made is not there');
  return found;
}

/** The longest due first; whoever belongs together stands together. */
async function insertDue(
  trx: RetentionTransaction,
  tenantId: string,
  { dryRunId, until }: { dryRunId: string; until: LegalDay },
): Promise<void> {
  await sql`
    insert into dry_run_record (tenant_id, dry_run_id, ordinal, record_id)
    select ${tenantId}, ${dryRunId},
      row_number() over (order by l.deletable_from, coalesce(r.related_ref, r.individual_ref), r.record_id) - 1,
      r.record_id
    from record_life l join tracked_record r using (tenant_id, record_id)
    where l.tenant_id = ${tenantId} and l.deletable_from <= ${until} and r.state = 'living' and not ${HELD}`.execute(
    trx,
  );
}

async function insertNamed(
  trx: RetentionTransaction,
  tenantId: string,
  { dryRunId, recordIds }: { dryRunId: string; recordIds: readonly string[] },
): Promise<void> {
  await sql`
    insert into dry_run_record (tenant_id, dry_run_id, ordinal, record_id)
    select ${tenantId}, ${dryRunId}, row_number() over (order by r.record_id) - 1, r.record_id
    from tracked_record r
    where r.tenant_id = ${tenantId} and r.record_id = any(${[...recordIds]}::uuid[]) and r.state = 'living'
      and not ${HELD}`.execute(trx);
}

type DryRunRow = {
  dry_run_id: string;
  kind: KeptDryRun['kind'];
  until_day: string;
  reason: string | null;
  law_version: string;
  made_at: Date;
  made_by: string;
  summary: DryRunSummary;
};

export async function findDryRun(
  trx: RetentionTransaction,
  tenantId: string,
  dryRunId: string,
): Promise<KeptDryRun | undefined> {
  const { rows } = await sql<DryRunRow>`
    select dry_run_id, kind, until_day::text, reason, law_version::text, made_at, made_by, summary
    from dry_run where tenant_id = ${tenantId} and dry_run_id = ${dryRunId}`.execute(trx);
  const [row] = rows;
  return (
    row && {
      dryRunId: row.dry_run_id,
      kind: row.kind,
      until: row.until_day,
      reason: row.reason,
      lawVersion: row.law_version,
      madeAt: row.made_at.toISOString(),
      madeBy: row.made_by,
      summary: row.summary,
    }
  );
}

/** A record of a part, and what has become of it since. */
export type PartRecord = {
  recordId: string;
  individualRef: string;
  living: boolean;
  due: boolean;
  held: boolean;
};

/** Records of one part of a dry run, in order, and what has become of each since. */
export async function findPart(
  trx: RetentionTransaction,
  tenantId: string,
  part: { dryRunId: string; from: number; size: number; today: LegalDay },
): Promise<PartRecord[]> {
  const { rows } = await sql<PartRecord>`
    select r.record_id as "recordId", r.individual_ref as "individualRef", r.state = 'living' as living, ${HELD} as held,
      coalesce(l.deletable_from <= ${part.today}, false) as due
    from dry_run_record d
    join tracked_record r using (tenant_id, record_id)
    left join record_life l using (tenant_id, record_id)
    where d.tenant_id = ${tenantId} and d.dry_run_id = ${part.dryRunId}
      and d.ordinal >= ${part.from} and d.ordinal < ${part.from + part.size}
    order by d.ordinal`.execute(trx);
  return rows;
}
