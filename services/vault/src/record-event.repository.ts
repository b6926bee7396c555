import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { ChangeReason, Superseded } from '@mnv/core';
import type { VaultDatabase } from './database.ts';
import { supersededFrom } from './record-metadata.repository.ts';

/** What happened to a record. What is known of the person comes with `stored` alone. */
export type RecordEvent = {
  seq: string;
  tenantId: string;
  recordId: string;
  kind: 'stored' | 'frozen' | 'released-from-freeze' | 'erased' | 'number-changed';
  /** RFC 3339, UTC. */
  at: string;
  subject?: string;
  purposes?: string[];
  individualRef?: string;
  relatedRef?: string;
  /** With `number-changed` alone. */
  superseded?: Superseded;
};

type Row = {
  xid: string;
  seq: string;
  tenant_id: string;
  record_id: string;
  kind: RecordEvent['kind'];
  at: Date;
  subject: string | null;
  purposes: string[] | null;
  individual_ref: string | null;
  related_ref: string | null;
  successor_id: string | null;
  reason: ChangeReason | null;
  /** Legal day. */
  effective_day: string | null;
};

/** Where a reader stands: behind this event. */
export type EventCursor = { xid: string; seq: string };

/** Events behind a cursor, of transactions that no other can come before any more. */
export async function readRecordEvents(
  db: Kysely<VaultDatabase>,
  { after, limit }: { after: EventCursor; limit: number },
): Promise<{ events: RecordEvent[]; cursor: EventCursor }> {
  const { rows } = await sql<Row>`
    select e.*, e.effective_from::text as effective_day from record_events_after(${after.xid}::xid8, ${after.seq}::bigint, ${limit}) e`.execute(
    db,
  );
  const last = rows.at(-1);
  return { events: rows.map(eventFrom), cursor: last ? { xid: last.xid, seq: last.seq } : after };
}

function eventFrom(row: Row): RecordEvent {
  return {
    seq: row.seq,
    tenantId: row.tenant_id,
    recordId: row.record_id,
    kind: row.kind,
    at: row.at.toISOString(),
    ...(row.subject !== null && { subject: row.subject }),
    ...(row.purposes !== null && { purposes: row.purposes }),
    ...(row.individual_ref !== null && { individualRef: row.individual_ref }),
    ...(row.related_ref !== null && { relatedRef: row.related_ref }),
    ...supersededFrom({
      superseded_by: row.successor_id,
      superseded_as: row.reason,
      superseded_from: row.effective_day,
    }),
  };
}
