import { sql } from 'kysely';
import type { RecordEvent } from '@mnv/bango-ho';
import { Refusal } from '@mnv/core';
import { withTenant } from '@mnv/service-kit';
import type { RetentionDatabase, RetentionTransaction } from '../database.ts';
import { enqueueRecords, enqueueTenant } from '../life/pending.repository.ts';
import { ensureTenant } from '../tenant.repository.ts';
import type { TrackedRow } from '../tracked-record.repository.ts';
import { TRACKED } from '../tracked-record.repository.ts';
import type { TrackedRecord } from '../tracked-record.ts';
import type { EventStep, KeptEvent } from './tell-events.ts';
import { individualsByKey } from './individuals-by-key.ts';
import type { Whose } from './told-event.ts';

/** Does work on the events of a tenant in one transaction, in the name of whoever tells them. */
export async function inEventStep<T>(
  db: RetentionDatabase,
  { tenantId, toldBy }: { tenantId: string; toldBy: string },
  work: (step: EventStep) => Promise<T>,
): Promise<T> {
  return withTenant(db, tenantId, async (trx) => {
    await ensureTenant(trx, tenantId);
    return work({
      lockRecords: (whose) => lockRecords(trx, tenantId, whose),
      findEvents: (eventIds) => findEvents(trx, tenantId, eventIds),
      findEventsOf: (recordIds) => findEventsOf(trx, tenantId, recordIds),
      insertEvents: (events) => insertEvents(trx, { tenantId, toldBy }, events),
      enqueueRecords: (recordIds) => enqueueRecords(trx, tenantId, recordIds),
      enqueueTenant: () => enqueueTenant(trx, tenantId),
    });
  });
}

/** All records of the individuals meant, locked in one order, so that two calls never wait for each other. */
async function lockRecords(
  trx: RetentionTransaction,
  tenantId: string,
  whose: readonly Whose[],
): Promise<Map<string, TrackedRecord>> {
  const ids = whose.flatMap((one) => ('recordId' in one ? [one.recordId] : []));
  const refs = whose.flatMap((one) => ('individualRef' in one ? [one] : []));
  const { rows } = await sql<TrackedRow>`
    select ${TRACKED} from tracked_record
    where tenant_id = ${tenantId} and (subject, individual_ref) in (
      select subject, individual_ref from tracked_record
      where tenant_id = ${tenantId} and record_id = any(${ids}::uuid[])
      union select * from unnest(${refs.map(({ subject }) => subject)}::text[],
        ${refs.map(({ individualRef }) => individualRef)}::text[]))
    order by record_id for no key update`.execute(trx);
  return individualsByKey(rows);
}

type EventRow = { content: RecordEvent; record_id: string | null };

async function findEvents(
  trx: RetentionTransaction,
  tenantId: string,
  eventIds: readonly string[],
): Promise<KeptEvent[]> {
  const { rows } = await sql<EventRow>`
    select content, record_id from retention_event
    where tenant_id = ${tenantId} and event_id = any(${[...eventIds]}::text[])`.execute(trx);
  return rows.map(keptOf);
}

async function findEventsOf(
  trx: RetentionTransaction,
  tenantId: string,
  recordIds: readonly string[],
): Promise<KeptEvent[]> {
  const { rows } = await sql<EventRow>`
    select content, record_id from retention_event
    where tenant_id = ${tenantId} and record_id = any(${[...recordIds]}::uuid[])`.execute(trx);
  return rows.map(keptOf);
}

function keptOf({ content, record_id }: EventRow): KeptEvent {
  return { event: content, recordId: record_id };
}

async function insertEvents(
  trx: RetentionTransaction,
  { tenantId, toldBy }: { tenantId: string; toldBy: string },
  events: readonly KeptEvent[],
): Promise<void> {
  const { numAffectedRows } = await sql`
    insert into retention_event (tenant_id, event_id, record_id, content, recorded_on, told_by)
    select ${tenantId}, e.event_id, e.record_id, e.content, e.recorded_on, ${toldBy}
    from unnest(${events.map(({ event }) => event.id)}::text[],
      ${events.map(({ recordId }) => recordId)}::uuid[],
      ${events.map(({ event }) => JSON.stringify(event))}::jsonb[],
      ${events.map(({ event }) => event.recordedOn)}::date[]) as e(event_id, record_id, content, recorded_on)
    on conflict do nothing`.execute(trx);
  // The same id at the same moment about another record: whoever was second is told by asking again.
  if (Number(numAffectedRows) !== events.length)
    throw new Refusal(
      'idempotency-in-flight',
      'The same event is being told right now. Try again.',
    );
}
