import { sql } from 'kysely';
import type { LegalDay, RecordEvent } from '@mnv/bango-ho';
import { LAW } from '@mnv/bango-ho';
import type { RetentionTransaction } from '../database.ts';
import { findStandingDecisions } from '../decisions/decision.repository.ts';
import { bearingOf } from '../decisions/topic.ts';
import type { TrackedRecord } from '../tracked-record.ts';
import type { LifeStep } from './compute-lives.ts';
import type { KnownRecord } from './history-of.ts';
import { takePending, takeScanned } from './pending.repository.ts';
import type { LifeSummary } from './record-summary.ts';

type Row = {
  record_id: string;
  subject: TrackedRecord['subject'];
  individual_ref: string;
  related_ref: string | null;
  purposes: string[];
  stored_on: string;
  state: TrackedRecord['state'];
  own: RecordEvent[] | null;
  of_owner: RecordEvent[] | null;
};

/** One computation of a tenant at a time: two could write an old life over a new one. Ends with the transaction. */
export async function lockLives(trx: RetentionTransaction, tenantId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('lives of ' || ${tenantId}, 0))`.execute(
    trx,
  );
}

/** Records with all that was told which concerns them. Unknown ids are left out. */
export async function findKnownRecords(
  trx: RetentionTransaction,
  tenantId: string,
  recordIds: readonly string[],
): Promise<KnownRecord[]> {
  const ofTenant = await findTenantEvents(trx, tenantId);
  const { rows } = await sql<Row>`
    select r.record_id, r.subject, r.individual_ref, r.related_ref, r.purposes, r.stored_on::text, r.state,
      (select jsonb_agg(e.content) from retention_event e
        where e.tenant_id = r.tenant_id and e.record_id = r.record_id) as own,
      case when r.related_ref is null then null else
        (select jsonb_agg(e.content) from tracked_record o
          join retention_event e on e.tenant_id = o.tenant_id and e.record_id = o.record_id
          where o.tenant_id = r.tenant_id and o.individual_ref = r.related_ref and o.subject = 'E') end as of_owner
    from tracked_record r
    where r.tenant_id = ${tenantId} and r.record_id = any(${[...recordIds]}::uuid[])`.execute(trx);
  return rows.map((row) => ({
    record: recordOf(row),
    events: { own: row.own ?? [], ofOwner: row.of_owner ?? [], ofTenant },
  }));
}

async function findTenantEvents(
  trx: RetentionTransaction,
  tenantId: string,
): Promise<RecordEvent[]> {
  const { rows } = await sql<{ content: RecordEvent }>`
    select content from retention_event where tenant_id = ${tenantId} and record_id is null`.execute(
    trx,
  );
  return rows.map(({ content }) => content);
}

function recordOf(row: Row): TrackedRecord {
  return {
    recordId: row.record_id,
    subject: row.subject,
    individualRef: row.individual_ref,
    relatedRef: row.related_ref,
    purposes: row.purposes,
    storedOn: row.stored_on,
    state: row.state,
  };
}

/** Writes computed lives over the ones before. */
export async function upsertLives(
  trx: RetentionTransaction,
  tenantId: string,
  { computedOn, lives }: { computedOn: LegalDay; lives: ReadonlyMap<string, LifeSummary> },
): Promise<void> {
  const summaries = [...lives.values()];
  const column = <T>(read: (life: LifeSummary) => T) => summaries.map(read);
  await sql`
    insert into record_life as l (tenant_id, record_id, keep_through, deletable_from, blocked_by, documents,
      documents_due_from, documents_open_from, documents_until, documents_blocked_by, law_version, computed_on)
    select ${tenantId}, n.record_id, n.keep_through, n.deletable_from, string_to_array(n.blocked_by, '|'), n.documents,
      n.due_from, n.open_from, n.until, string_to_array(n.documents_blocked_by, '|'), ${LAW.version}, ${computedOn}
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
      findDecisions: async () => bearingOf(await findStandingDecisions(trx, tenantId)),
      findKnownRecords: (recordIds) => findKnownRecords(trx, tenantId, recordIds),
      writeLives: (lives) => upsertLives(trx, tenantId, { computedOn: today, lives }),
    });
  };
}
