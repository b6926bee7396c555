import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { Subject } from '@mnv/core';
import { withTenant } from '@mnv/service-kit';
import type { VaultDatabase } from './database.ts';
import type { SealedNumber } from './open-numbers.ts';
import type { FreshLine, KeyedDraft, StoreRequest } from './store-numbers.ts';
import { StoreConflict, livingRefOf } from './store-numbers.ts';

/** Single creates are remembered for a day, imports for a week. */
const IDEMPOTENCY_DAYS = { records: 1, 'number-changes': 1, 'records/batch': 7 } as const;

/** A fresh line with the place of its key and its sealed number. */
export type SealedLine = FreshLine & { position: number; sealed: Buffer };

/** The repeats among the keys of a request; a key past its time is forgotten first. */
export async function findIdempotencyRows(
  trx: Transaction<VaultDatabase>,
  { tenantId, clientId, route, lines }: StoreRequest,
): Promise<Map<string, { digest: Buffer; recordId: string }>> {
  const keys = lines.map((line) => line.key);
  await trx
    .deleteFrom('idempotency')
    .where('tenant_id', '=', tenantId)
    .where('client_id', '=', clientId)
    .where('route', '=', route)
    .where('key', '=', sql<string>`any(${keys}::text[])`)
    .where('expires_at', '<=', sql<Date>`now()`)
    .execute();
  const rows = await trx
    .selectFrom('idempotency')
    .select(['key', 'digest', 'record_id'])
    .where('tenant_id', '=', tenantId)
    .where('client_id', '=', clientId)
    .where('route', '=', route)
    .where('key', '=', sql<string>`any(${keys}::text[])`)
    .execute();
  return new Map(rows.map((row) => [row.key, { digest: row.digest, recordId: row.record_id }]));
}

/** Which of the lines' individuals have a number in use already, living or frozen, as {@link livingRefOf}. */
export async function findLivingRefs(
  trx: Transaction<VaultDatabase>,
  tenantId: string,
  lines: KeyedDraft[],
): Promise<Set<string>> {
  if (lines.length === 0) return new Set();
  const refs = lines.map((line) => line.draft.individualRef);
  const rows = await trx
    .selectFrom('number_record')
    .select(['subject', 'individual_ref as individualRef'])
    .where('tenant_id', '=', tenantId)
    .where('individual_ref', '=', sql<string>`any(${refs}::text[])`)
    .where('disposed_at', 'is', null)
    .where('superseded_by', 'is', null)
    .execute();
  return new Set(rows.map((row) => livingRefOf({ ...row, subject: row.subject as Subject })));
}

/** Sealed numbers by record id, but for frozen and disposed records, which are named in vain. */
export async function findSealed(
  trx: Transaction<VaultDatabase>,
  tenantId: string,
  recordIds: string[],
): Promise<SealedNumber[]> {
  const rows = await trx
    .selectFrom('number_record')
    .select(['record_id', 'position', 'sealed_number'])
    .where('tenant_id', '=', tenantId)
    .where('record_id', '=', sql<string>`any(${recordIds}::uuid[])`)
    .where('disposed_at', 'is', null)
    .where('frozen_at', 'is', null)
    .execute();
  return rows.flatMap(({ record_id: recordId, position, sealed_number: blob }) =>
    blob === null ? [] : [{ recordId, position: Number(position), blob }],
  );
}

/** The same of one record, in a transaction of its own. */
export async function findSealedOne(
  db: Kysely<VaultDatabase>,
  tenantId: string,
  recordId: string,
): Promise<SealedNumber | undefined> {
  const [found] = await withTenant(db, tenantId, (trx) => findSealed(trx, tenantId, [recordId]));
  return found;
}

/**
 * Inserts the records and their idempotency rows, one statement each. Throws {@link StoreConflict} when
 * another request took a key or a reference in between: the caller's transaction must be rolled back.
 */
export async function insertRecords(
  trx: Transaction<VaultDatabase>,
  request: StoreRequest,
  lines: SealedLine[],
): Promise<void> {
  const keys = await sql`
    insert into idempotency (tenant_id, client_id, route, key, digest, record_id, expires_at)
    select ${request.tenantId}, ${request.clientId}, ${request.route}, l.key, l.digest, l.record_id,
      now() + make_interval(days => ${IDEMPOTENCY_DAYS[request.route]}::integer)
    from unnest(${lines.map((line) => line.key)}::text[], ${lines.map((line) => line.digest)}::bytea[],
      ${lines.map((line) => line.recordId)}::uuid[]) as l(key, digest, record_id)
    on conflict do nothing`.execute(trx);
  const records = await insertNumberRecords(trx, request, lines);
  if (Number(keys.numAffectedRows) !== lines.length || records !== lines.length)
    throw new StoreConflict();
}

async function insertNumberRecords(
  trx: Transaction<VaultDatabase>,
  request: StoreRequest,
  lines: SealedLine[],
): Promise<number> {
  const column = <T>(read: (line: SealedLine) => T) => lines.map(read);
  const result = await sql`
    with stored as (
      insert into number_record (tenant_id, record_id, individual_ref, subject, related_ref, purposes,
        verification, notice_version, position, sealed_number, stored_by, stored_rid)
      select ${request.tenantId}, l.record_id, l.individual_ref, l.subject, l.related_ref,
        string_to_array(l.purposes, '|'), l.verification, l.notice_version, l.position, l.sealed_number,
        ${request.storedBy}, ${request.rid}::uuid
      from unnest(${column((line) => line.recordId)}::uuid[],
        ${column((line) => line.draft.individualRef)}::text[],
        ${column((line) => line.draft.subject)}::text[],
        ${column((line) => line.draft.relatedRef ?? null)}::text[],
        ${column((line) => line.draft.purposes.join('|'))}::text[],
        ${column((line) => JSON.stringify(line.draft.verification))}::jsonb[],
        ${column((line) => line.draft.noticeVersion)}::text[],
        ${column((line) => line.position)}::bigint[],
        ${column((line) => line.sealed)}::bytea[]
      ) as l(record_id, individual_ref, subject, related_ref, purposes, verification, notice_version,
        position, sealed_number)
      on conflict do nothing
      returning tenant_id, record_id, subject, purposes, individual_ref, related_ref
    )
    insert into record_event (kind, tenant_id, record_id, subject, purposes, individual_ref, related_ref)
    select 'stored', stored.* from stored`.execute(trx);
  return Number(result.numAffectedRows);
}
