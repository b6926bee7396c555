import type { Transaction } from 'kysely';
import { sql } from 'kysely';
import type { PurposeSubject } from '@mnv/bango-ho';
import type { DocumentMedia } from '@mnv/core';
import type { VaultDatabase } from '../database.ts';

type Trx = Transaction<VaultDatabase>;
type OfDocument = { tenantId: string; recordId: string; documentId: string };

/** A row without its bytes. Legal days are texts. */
export type DocumentRow = {
  documentId: string;
  recordId: string;
  check: string;
  mediaType: DocumentMedia;
  bytes: number;
  verifiedOn: string | null;
  countedFrom: string;
  storedAt: Date;
  purgedAt: Date | null;
  purgedFor: 'time' | 'disposal' | null;
  /** A legal hold covers the individual. */
  held: boolean;
};

const COLUMNS =
  sql.raw(`d.document_id as "documentId", d.record_id as "recordId", d.check_code as "check",
  d.media_type as "mediaType", d.bytes, d.verified_on::text as "verifiedOn",
  d.counted_from::text as "countedFrom", d.stored_at as "storedAt", d.purged_at as "purgedAt",
  d.purged_for as "purgedFor",
  is_held(k.tenant_id, k.individual_ref, k.related_ref) as held`);

/** What a copy belongs to. */
export type RecordOfDocument = {
  subject: PurposeSubject;
  purposes: string[];
  position: number;
  disposed: boolean;
};

/** Locks the record against an order and against another copy at the same time, until the transaction ends. */
export async function lockRecord(
  trx: Trx,
  { tenantId, recordId }: { tenantId: string; recordId: string },
): Promise<RecordOfDocument | undefined> {
  const { rows } = await sql<RecordOfDocument & { position: string }>`
    select subject, purposes, position, (disposed_at is not null or frozen_at is not null) as disposed
    from number_record where tenant_id = ${tenantId} and record_id = ${recordId}
    for no key update`.execute(trx);
  const [row] = rows;
  return row && { ...row, position: Number(row.position) };
}

/** Whether the tenant has such a record, living or not. */
export async function recordExists(
  trx: Trx,
  { tenantId, recordId }: { tenantId: string; recordId: string },
): Promise<boolean> {
  const { rows } = await sql`
    select from number_record where tenant_id = ${tenantId} and record_id = ${recordId}`.execute(
    trx,
  );
  return rows.length > 0;
}

export async function countKept(
  trx: Trx,
  { tenantId, recordId }: { tenantId: string; recordId: string },
): Promise<number> {
  const { rows } = await sql<{ n: string }>`
    select count(*) as n from identity_document
    where tenant_id = ${tenantId} and record_id = ${recordId} and purged_at is null`.execute(trx);
  return Number(rows[0]?.n);
}

export async function insertDocument(
  trx: Trx,
  document: OfDocument & {
    check: string;
    mediaType: DocumentMedia;
    bytes: number;
    verifiedOn: string | undefined;
    countedFrom: string;
    sealed: Buffer;
    storedBy: string;
    rid: string;
  },
): Promise<void> {
  const { tenantId, recordId, documentId, check, mediaType, bytes, countedFrom } = document;
  await sql`
    insert into identity_document (tenant_id, document_id, record_id, check_code, media_type, bytes,
      verified_on, counted_from, sealed, stored_by, stored_rid)
    values (${tenantId}, ${documentId}, ${recordId}, ${check}, ${mediaType}, ${bytes},
      ${document.verifiedOn ?? null}, ${countedFrom}, ${document.sealed}, ${document.storedBy},
      ${document.rid})`.execute(trx);
}

/** One copy of a record with its sealed bytes, which are null once it is purged. */
export async function findDocument(
  trx: Trx,
  { tenantId, recordId, documentId }: OfDocument,
): Promise<
  (DocumentRow & Omit<RecordOfDocument, 'purposes'> & { sealed: Buffer | null }) | undefined
> {
  const { rows } = await sql<
    DocumentRow & {
      sealed: Buffer | null;
      subject: PurposeSubject;
      position: string;
      disposed: boolean;
    }
  >`
    select ${COLUMNS}, d.sealed, k.subject, k.position,
      (k.disposed_at is not null or k.frozen_at is not null) as disposed
    from identity_document d join number_record k using (tenant_id, record_id)
    where d.tenant_id = ${tenantId} and d.record_id = ${recordId} and d.document_id = ${documentId}`.execute(
    trx,
  );
  const [row] = rows;
  return row && { ...row, position: Number(row.position) };
}

/** The copies of a record, the purged too. */
export async function documentsOf(
  trx: Trx,
  { tenantId, recordId }: { tenantId: string; recordId: string },
): Promise<DocumentRow[]> {
  const { rows } = await sql<DocumentRow>`
    select ${COLUMNS} from identity_document d join number_record k using (tenant_id, record_id)
    where d.tenant_id = ${tenantId} and d.record_id = ${recordId}
    order by d.stored_at, d.document_id`.execute(trx);
  return rows;
}

/** What was purged, in that order, behind a copy of the page before. */
export async function purgedDocuments(
  trx: Trx,
  { tenantId, after, limit }: { tenantId: string; after: string | undefined; limit: number },
): Promise<DocumentRow[]> {
  const { rows } = await sql<DocumentRow>`
    select ${COLUMNS} from identity_document d join number_record k using (tenant_id, record_id)
    where d.tenant_id = ${tenantId} and d.purged_at is not null
      and (${after ?? null}::uuid is null or (d.purged_at, d.document_id) > (
        select p.purged_at, p.document_id from identity_document p
        where p.tenant_id = ${tenantId} and p.document_id = ${after ?? null}::uuid))
    order by d.purged_at, d.document_id limit ${limit}`.execute(trx);
  return rows;
}

/** The days from which the copies of a tenant that are still kept are counted. */
export async function countedDays(trx: Trx, tenantId: string): Promise<string[]> {
  const { rows } = await sql<{ day: string }>`
    select distinct counted_from::text as day from identity_document
    where tenant_id = ${tenantId} and purged_at is null`.execute(trx);
  return rows.map(({ day }) => day);
}

/** Drops the sealed bytes of all copies that are counted from these days; how many they were. */
export async function purgeCountedFrom(
  trx: Trx,
  { tenantId, days }: { tenantId: string; days: readonly string[] },
): Promise<number> {
  const { rows } = await sql<{ n: string }>`
    select purge_identity_documents(${tenantId}, ${days}::date[]) as n`.execute(trx);
  return Number(rows[0]?.n);
}

/** The days a tenant chose; undefined where it chose none. */
export async function findKeepDays(trx: Trx, tenantId: string): Promise<number | undefined> {
  const { rows } = await sql<{ days: number }>`
    select keep_days as days from identity_document_period
    where tenant_id = ${tenantId} order by seq desc limit 1`.execute(trx);
  return rows[0]?.days;
}

export async function insertKeepDays(
  trx: Trx,
  { tenantId, keepDays, setBy }: { tenantId: string; keepDays: number; setBy: string },
): Promise<void> {
  await sql`
    insert into identity_document_period (tenant_id, keep_days, set_by)
    values (${tenantId}, ${keepDays}, ${setBy})`.execute(trx);
}
