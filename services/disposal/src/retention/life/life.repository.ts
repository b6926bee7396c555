import { sql } from 'kysely';
import type { LegalDay, RecordEvent } from '@mnv/bango-ho';
import type { RetentionTransaction } from '../database.ts';
import { findStandingDecisions } from '../decisions/decision.repository.ts';
import { bearingOf } from '../decisions/topic.ts';
import { findLawInUse } from '../law/law-table.repository.ts';
import type { TrackedRow } from '../tracked-record.repository.ts';
import { TRACKED, recordOf } from '../tracked-record.repository.ts';
import type { LifeStep } from './compute-lives.ts';
import type { KnownRecord } from './history-of.ts';
import { takePending, takeScanned } from './pending.repository.ts';
import type { LifeSummary } from './record-summary.ts';

/** Events as JSON texts joined by commas: the server spends half as long on these as on JSON arrays. */
type Row = TrackedRow & { own: string | null; of_owner: string | null };

/** One computation of a tenant at a time: two could write an old life over a new one. Ends with the transaction. */
export async function lockLives(trx: RetentionTransaction, tenantId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('lives of ' || ${tenantId}, 0))`.execute(
    trx,
  );
}

/**
 * Records with all that was told which concerns them alone or by their employee. Of an employee who came back and
 * whose first record is gone, the record of today speaks. Unknown ids are left out.
 */
export async function findKnownRecords(
  trx: RetentionTransaction,
  tenantId: string,
  recordIds: readonly string[],
): Promise<KnownRecord[]> {
  const { rows } = await sql<Row>`
    with asked as materialized (
      select ${TRACKED} from tracked_record
      where tenant_id = ${tenantId} and record_id = any(${[...recordIds]}::uuid[])),
    own as (
      select record_id, string_agg(content::text, ',') as events from retention_event
      where tenant_id = ${tenantId} and record_id = any(${[...recordIds]}::uuid[])
      group by record_id),
    of_owner as (
      select owner.individual_ref, employee.events
      from (select distinct related_ref as individual_ref from asked where related_ref is not null) owner
      cross join lateral (
        select string_agg(e.content::text, ',') as events
        from tracked_record o left join retention_event e using (tenant_id, record_id)
        where o.tenant_id = ${tenantId} and o.subject = 'E' and o.individual_ref = owner.individual_ref
        group by coalesce(o.first_record_id, o.record_id)
        order by bool_or(o.state <> 'erased' and o.superseded_by is null) desc, max(o.stored_on) desc
        limit 1) employee)
    select asked.*, own.events as own, of_owner.events as of_owner
    from asked left join own using (record_id)
    left join of_owner on of_owner.individual_ref = asked.related_ref`.execute(trx);
  const ofFirst = await eventsOfFirst(trx, tenantId, rows);
  return rows.map((row) => ({
    record: recordOf(row),
    own: eventsIn(
      row.first_record_id === null ? row.own : (ofFirst.get(row.first_record_id) ?? null),
    ),
    ofOwner: eventsIn(row.of_owner),
  }));
}

/** What was told of individuals whose number changed is kept with the first of their records. */
async function eventsOfFirst(
  trx: RetentionTransaction,
  tenantId: string,
  records: readonly Pick<Row, 'first_record_id'>[],
): Promise<Map<string, string>> {
  const firsts = records.flatMap((row) => row.first_record_id ?? []);
  if (firsts.length === 0) return new Map();
  const { rows } = await sql<{ record_id: string; events: string }>`
    select record_id, string_agg(content::text, ',') as events from retention_event
    where tenant_id = ${tenantId} and record_id = any(${firsts}::uuid[]) group by record_id`.execute(
    trx,
  );
  return new Map(rows.map((row) => [row.record_id, row.events]));
}

function eventsIn(joined: string | null): RecordEvent[] {
  return joined === null ? [] : (JSON.parse(`[${joined}]`) as RecordEvent[]);
}

/** What was told of the tenant as a whole. */
export async function findTenantEvents(
  trx: RetentionTransaction,
  tenantId: string,
): Promise<RecordEvent[]> {
  const { rows } = await sql<{ content: RecordEvent }>`
    select content from retention_event
    where tenant_id = ${tenantId} and record_id is null`.execute(trx);
  return rows.map(({ content }) => content);
}

/** Writes computed lives over the ones before. */
export async function upsertLives(
  trx: RetentionTransaction,
  tenantId: string,
  {
    computedOn,
    lawVersion,
    lives,
  }: { computedOn: LegalDay; lawVersion: LegalDay; lives: ReadonlyMap<string, LifeSummary> },
): Promise<void> {
  const summaries = [...lives.values()];
  const column = <T>(read: (life: LifeSummary) => T) => summaries.map(read);
  await sql`
    insert into record_life as l (tenant_id, record_id, keep_through, deletable_from, blocked_by, documents,
      documents_due_from, documents_open_from, documents_until, documents_blocked_by, law_version, computed_on)
    select ${tenantId}, n.record_id, n.keep_through, n.deletable_from, string_to_array(n.blocked_by, '|'), n.documents,
      n.due_from, n.open_from, n.until, string_to_array(n.documents_blocked_by, '|'), ${lawVersion}, ${computedOn}
    from unnest(${[...lives.keys()]}::uuid[], ${column((life) => life.keepThrough)}::date[],
      ${column((life) => life.deletableFrom)}::date[], ${column((life) => life.blockedBy.join('|'))}::text[],
      ${column((life) => life.documents)}::integer[], ${column((life) => life.documentsDueFrom)}::date[],
      ${column((life) => life.documentsOpenFrom)}::date[], ${column((life) => life.documentsUntil)}::date[],
      ${column((life) => life.documentsBlockedBy.join('|'))}::text[])
      as n(record_id, keep_through, deletable_from, blocked_by, documents, due_from, open_from, until,
        documents_blocked_by)
    on conflict (tenant_id, record_id) do update set keep_through = excluded.keep_through,
      deletable_from = excluded.deletable_from, blocked_by = excluded.blocked_by, documents = excluded.documents,
      documents_due_from = excluded.documents_due_from, documents_open_from = excluded.documents_open_from,
      documents_until = excluded.documents_until, documents_blocked_by = excluded.documents_blocked_by,
      law_version = excluded.law_version, computed_on = excluded.computed_on`.execute(trx);
}

/** One step over a tenant’s lives, in a transaction of that tenant in which no other computes them. */
export function inLifeStep<T>(
  tenantId: string,
  today: LegalDay,
  work: (step: LifeStep) => Promise<T>,
): (trx: RetentionTransaction) => Promise<T> {
  return async (trx) => {
    await lockLives(trx, tenantId);
    return work({
      takePending: (limit) => takePending(trx, tenantId, limit),
      takeScanned: (limit) => takeScanned(trx, tenantId, limit),
      findLaw: async () => (await findLawInUse(trx, tenantId, today)).law,
      findDecisions: async () => bearingOf(await findStandingDecisions(trx, tenantId)),
      findTenantEvents: () => findTenantEvents(trx, tenantId),
      findKnownRecords: (recordIds) => findKnownRecords(trx, tenantId, recordIds),
      writeLives: (lives, { version: lawVersion }) =>
        upsertLives(trx, tenantId, { computedOn: today, lawVersion, lives }),
    });
  };
}

/** Ids of living records behind an id, in their order. */
export async function findLivingIds(
  trx: RetentionTransaction,
  tenantId: string,
  page: { after: string | undefined; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ record_id: string }>`
    select record_id from tracked_record
    where tenant_id = ${tenantId} and state = 'living'
      and (${page.after ?? null}::uuid is null or record_id > ${page.after ?? null}::uuid)
    order by record_id limit ${page.limit}`.execute(trx);
  return rows.map((row) => row.record_id);
}

export async function countLiving(trx: RetentionTransaction, tenantId: string): Promise<number> {
  const { rows } = await sql<{ records: string }>`
    select count(*) as records from tracked_record
    where tenant_id = ${tenantId} and state = 'living'`.execute(trx);
  return Number(rows[0]?.records ?? 0);
}
