import { sql } from 'kysely';
import { legalDayOf } from '@mnv/core';
import type { RetentionDatabase, RetentionTransaction } from '../database.ts';
import { enqueueRecords } from '../life/pending.repository.ts';
import { ensureTenant } from '../tenant.repository.ts';
import { applyNumberChanges } from './number-changes.repository.ts';
import type { RecordFeedEvent, RecordFeedPage } from './record-feed.ts';

/** A page of which another instance was faster: nothing of it may stay. */
class Overtaken extends Error {}

const STATES = { frozen: 'frozen', 'released-from-freeze': 'living', erased: 'erased' } as const;

/** How far the feed was followed; undefined at the beginning. */
export async function findFeedPosition(db: RetentionDatabase): Promise<string | undefined> {
  const { rows } = await sql<{
    cursor: string;
  }>`select cursor from feed_position where feed = 'record-events'`.execute(db);
  return rows[0]?.cursor;
}

/** Takes a page over and moves the position, in one transaction. False when the position had moved. */
export async function applyFeedPage(
  db: RetentionDatabase,
  after: string | undefined,
  page: RecordFeedPage,
): Promise<boolean> {
  try {
    await db.transaction().execute(async (trx) => {
      await movePosition(trx, after, page.cursor);
      for (const [tenantId, events] of Map.groupBy(page.events, (event) => event.tenantId)) {
        await applyOfTenant(trx, tenantId, events);
      }
    });
    return true;
  } catch (error) {
    if (error instanceof Overtaken) return false;
    throw error;
  }
}

async function movePosition(
  trx: RetentionTransaction,
  after: string | undefined,
  cursor: string,
): Promise<void> {
  const moved =
    after === undefined
      ? sql`insert into feed_position (feed, cursor) values ('record-events', ${cursor})
          on conflict do nothing`
      : sql`update feed_position set cursor = ${cursor}, at = now()
          where feed = 'record-events' and cursor = ${after}`;
  const { numAffectedRows } = await moved.execute(trx);
  if (numAffectedRows !== 1n) throw new Overtaken();
}

async function applyOfTenant(
  trx: RetentionTransaction,
  tenantId: string,
  events: readonly RecordFeedEvent[],
): Promise<void> {
  await ensureTenant(trx, tenantId);
  await sql`select set_config('app.tenant', ${tenantId}, true)`.execute(trx);
  await insertStored(trx, tenantId, events);
  await applyNumberChanges(trx, tenantId, events);
  await changeStates(trx, tenantId, events);
}

async function insertStored(
  trx: RetentionTransaction,
  tenantId: string,
  events: readonly RecordFeedEvent[],
): Promise<void> {
  const stored = events.filter((event) => event.kind === 'stored');
  if (stored.length === 0) return;
  const column = <T>(read: (event: (typeof stored)[number]) => T) => stored.map(read);
  await sql`
    insert into tracked_record (tenant_id, record_id, subject, individual_ref, related_ref, purposes,
      stored_on, state, changed_at)
    select ${tenantId}, s.record_id, s.subject, s.individual_ref, s.related_ref,
      string_to_array(s.purposes, '|'), s.stored_on, 'living', s.at
    from unnest(${column((event) => event.recordId)}::uuid[],
      ${column((event) => event.subject)}::text[],
      ${column((event) => event.individualRef)}::text[],
      ${column((event) => event.relatedRef ?? null)}::text[],
      ${column((event) => event.purposes.join('|'))}::text[],
      ${column((event) => legalDayOf(Date.parse(event.at)))}::date[],
      ${column((event) => event.at)}::timestamptz[])
      as s(record_id, subject, individual_ref, related_ref, purposes, stored_on, at)
    on conflict do nothing`.execute(trx);
  await enqueueRecords(
    trx,
    tenantId,
    stored.map((event) => event.recordId),
  );
}

/** The last state of each record of the page. Erased is the end: nothing follows it. */
async function changeStates(
  trx: RetentionTransaction,
  tenantId: string,
  events: readonly RecordFeedEvent[],
): Promise<void> {
  const last = new Map<string, { state: string; at: string }>();
  for (const event of events) {
    if (event.kind === 'stored' || event.kind === 'number-changed') continue;
    if (last.get(event.recordId)?.state === 'erased') continue;
    last.set(event.recordId, { state: STATES[event.kind], at: event.at });
  }
  if (last.size === 0) return;
  const changes = [...last.values()];
  await sql`
    update tracked_record r set state = c.state, changed_at = c.at
    from unnest(${[...last.keys()]}::uuid[], ${changes.map(({ state }) => state)}::text[],
      ${changes.map(({ at }) => at)}::timestamptz[]) as c(record_id, state, at)
    where r.tenant_id = ${tenantId} and r.record_id = c.record_id
      and r.state <> 'erased'`.execute(trx);
}
