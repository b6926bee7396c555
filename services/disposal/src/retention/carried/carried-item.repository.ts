import { sql } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import { Refusal } from '@mnv/core';
import { digestOfJson } from '@mnv/protocol';
import type { RetentionTransaction } from '../database.ts';
import { ensureTenant } from '../tenant.repository.ts';
import type { CarriedEnd, CarriedItem, KeptCarriedItem } from './carried-item.ts';

/** Keeps an entry; false when the same was told before. Throws Refusal `event-differs` for other contents. */
export async function insertCarried(
  trx: RetentionTransaction,
  tenantId: string,
  { item, recordedBy }: { item: CarriedItem; recordedBy: string },
): Promise<boolean> {
  await ensureTenant(trx, tenantId);
  const { numAffectedRows } = await sql`
    insert into carried_item (tenant_id, carry_id, carried_on, content, recorded_by)
    values (${tenantId}, ${item.id}, ${item.on}, ${JSON.stringify(item)}::jsonb, ${recordedBy})
    on conflict do nothing`.execute(trx);
  if (numAffectedRows === 1n) return true;
  const { rows } = await sql<{ content: CarriedItem }>`
    select content from carried_item where tenant_id = ${tenantId} and carry_id = ${item.id}`.execute(
    trx,
  );
  if (rows[0] === undefined || digestOfJson(rows[0].content) !== digestOfJson(item))
    throw new Refusal('event-differs', 'id: it was told before with other contents.');
  return false;
}

/**
 * Ends an entry once; false when the same end was told before.
 * Throws Refusal `not-found`, `event-contradicts` where it ended otherwise or before it began.
 */
export async function insertEnd(
  trx: RetentionTransaction,
  tenantId: string,
  { carryId, end, recordedBy }: { carryId: string; end: CarriedEnd; recordedBy: string },
): Promise<boolean> {
  const { rows } = await sql<{ carried_on: string }>`
    select carried_on::text from carried_item
    where tenant_id = ${tenantId} and carry_id = ${carryId}`.execute(trx);
  if (rows[0] === undefined) throw new Refusal('not-found', 'There is no such entry.');
  if (end.on < rows[0].carried_on)
    throw new Refusal('event-contradicts', 'on: it lies before the day it was carried.');
  const { numAffectedRows } = await sql`
    insert into carried_item_end (tenant_id, carry_id, kind, ended_on, remark, recorded_by)
    values (${tenantId}, ${carryId}, ${end.kind}, ${end.on}, ${end.remark}, ${recordedBy})
    on conflict do nothing`.execute(trx);
  if (numAffectedRows === 1n) return true;
  const { rows: same } = await sql`
    select from carried_item_end where tenant_id = ${tenantId} and carry_id = ${carryId}
      and kind = ${end.kind} and ended_on = ${end.on} and remark = ${end.remark}`.execute(trx);
  if (same.length === 0) throw new Refusal('event-contradicts', 'The entry has another end.');
  return false;
}

/** Entries of a period, the oldest first, page by page. */
export async function listCarried(
  trx: RetentionTransaction,
  tenantId: string,
  page: { from: LegalDay; to: LegalDay; after: string | undefined; limit: number },
): Promise<KeptCarriedItem[]> {
  const { rows } = await sql<Row>`
    select i.content, i.recorded_at, i.recorded_by, e.kind, e.ended_on::text, e.remark, e.recorded_by as ended_by
    from carried_item i left join carried_item_end e using (tenant_id, carry_id)
    where i.tenant_id = ${tenantId} and carried_on between ${page.from} and ${page.to}
      and (${page.after === undefined} or (carried_on, carry_id) > (
        select carried_on, carry_id from carried_item
        where tenant_id = ${tenantId} and carry_id = ${page.after ?? null}))
    order by carried_on, carry_id limit ${page.limit}`.execute(trx);
  return rows.map(keptOf);
}

type Row = {
  content: CarriedItem;
  recorded_at: Date;
  recorded_by: string;
  kind: CarriedEnd['kind'] | null;
  ended_on: string;
  remark: string;
  ended_by: string;
};

function keptOf(row: Row): KeptCarriedItem {
  const end =
    row.kind === null
      ? null
      : { kind: row.kind, on: row.ended_on, remark: row.remark, recordedBy: row.ended_by };
  return {
    ...row.content,
    recordedAt: row.recorded_at.toISOString(),
    recordedBy: row.recorded_by,
    end,
  };
}
