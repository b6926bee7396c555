import { sql } from 'kysely';
import { legalDayOf } from '@mnv/core';
import type { RetentionTransaction } from '../database.ts';
import { enqueueRecords } from '../life/pending.repository.ts';
import type { RecordFeedEvent } from './record-feed.ts';

type NumberChanged = Extract<RecordFeedEvent, { kind: 'number-changed' }>;

/** Ties each successor to the record it superseded, in the order of the feed: a number may change again. */
export async function applyNumberChanges(
  trx: RetentionTransaction,
  tenantId: string,
  events: readonly RecordFeedEvent[],
): Promise<void> {
  const changes = events.filter((event) => event.kind === 'number-changed');
  for (const change of changes) await applyOne(trx, tenantId, change);
  await enqueueRecords(
    trx,
    tenantId,
    changes.flatMap(({ recordId, superseded }) => [recordId, superseded.by]),
  );
}

/** A correction was true from the beginning: the successor takes the place of the mistyped one in time as well. */
async function applyOne(
  trx: RetentionTransaction,
  tenantId: string,
  { recordId, at, superseded: { by, reason, from } }: NumberChanged,
): Promise<void> {
  await sql`
    with old as (
      update tracked_record set superseded_by = ${by}::uuid, superseded_as = ${reason}, superseded_from = ${from}::date,
        superseded_on = ${legalDayOf(Date.parse(at))}::date
      where tenant_id = ${tenantId} and record_id = ${recordId}::uuid
      returning coalesce(first_record_id, record_id) as first_record_id, number_from)
    update tracked_record r set first_record_id = old.first_record_id,
      number_from = case ${reason} when 'corrected' then old.number_from else ${from}::date end
    from old where r.tenant_id = ${tenantId} and r.record_id = ${by}::uuid`.execute(trx);
}
