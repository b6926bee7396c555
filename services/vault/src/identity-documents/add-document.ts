import { randomUUID } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { isVerifiedByEmployer } from '@mnv/bango-ho';
import type { DocumentMetadata } from '@mnv/core';
import { MAX_DOCUMENTS_A_RECORD, Refusal } from '@mnv/core';
import { withTenant } from '@mnv/service-kit';
import type { VaultDatabase } from '../database.ts';
import { digestOf } from '../store-numbers.ts';
import type { DocumentKeys } from './document-key.ts';
import { documentMetadata, documentPeriod } from './document-metadata.ts';
import { findRepeat, keepRepeat } from './document-repeat.repository.ts';
import type { RecordOfDocument } from './identity-document.repository.ts';
import {
  countKept,
  findDocument,
  findKeepDays,
  insertDocument,
  lockRecord,
} from './identity-document.repository.ts';
import type { NewDocument } from './new-document.ts';
import { requireDaysLeft } from './new-document.ts';

export type AddRequest = {
  tenantId: string;
  clientId: string;
  storedBy: string;
  rid: string;
  key: string;
  recordId: string;
  /** The legal day. */
  today: string;
  document: NewDocument;
};

export type AddDocument = (request: AddRequest) => Promise<DocumentMetadata>;
type AddDependencies = { db: Kysely<VaultDatabase>; keys: DocumentKeys };
type Step = { trx: Transaction<VaultDatabase>; keys: DocumentKeys; keepDays: number };

/**
 * Seals a copy of an identity document and keeps it with its record, in one transaction: after a crash it is there
 * whole, or not at all. A repeat of the key answers the copy it made.
 * @throws Refusal `record-not-found`, `already-disposed`, `purpose-not-permitted`, `documents-full`,
 *   `document-purged`, `idempotency-mismatch`, `idempotency-in-flight`
 */
export function makeAddDocument({ db, keys }: AddDependencies): AddDocument {
  return (request) =>
    withTenant(db, request.tenantId, async (trx) => {
      const record = requireLiving(await lockRecord(trx, request));
      const chosen = await findKeepDays(trx, request.tenantId);
      const { keepDays } = documentPeriod(chosen, request.today);
      const step = { trx, keys, keepDays };
      const known = await findRepeat(trx, request);
      if (known) return repeated(request, { ...known, record }, step);
      return addNew(request, record, step);
    });
}

function requireLiving(record: RecordOfDocument | undefined): RecordOfDocument {
  if (!record) throw new Refusal('record-not-found', 'The tenant has no such record.');
  if (record.disposed)
    throw new Refusal('already-disposed', 'The number of this record was disposed of.');
  return record;
}

async function addNew(request: AddRequest, record: RecordOfDocument, step: Step) {
  const { tenantId, recordId, today, document, storedBy, rid } = request;
  const { trx, keys, keepDays } = step;
  requireDaysLeft(document, { keepDays, today });
  requireUse(record, today);
  if ((await countKept(trx, request)) >= MAX_DOCUMENTS_A_RECORD)
    throw new Refusal('documents-full', `A record has at most ${MAX_DOCUMENTS_A_RECORD} copies.`);
  const place = { tenantId, recordId, documentId: randomUUID(), position: record.position };
  const sealed = await keys.seal(place, document.content, trx);
  const { check, mediaType, verifiedOn, countedFrom, content } = document;
  const kept = { check, mediaType, verifiedOn, countedFrom, bytes: content.length };
  await insertDocument(trx, { ...place, ...kept, sealed, storedBy, rid });
  const repeat = { ...request, digest: digestWithoutCopy(request), documentId: place.documentId };
  if (!(await keepRepeat(trx, repeat)))
    throw new Refusal('idempotency-in-flight', 'The same is being stored. Try again.');
  return requireKept(await findDocument(trx, place), keepDays);
}

/** Who does not verify the individual has no use for a copy, and may not hold one (番号法16条, 20条). */
function requireUse({ purposes, subject }: RecordOfDocument, today: string): void {
  if (purposes.some((purpose) => isVerifiedByEmployer({ purpose, subject, on: today }))) return;
  throw new Refusal(
    'purpose-not-permitted',
    'For no purpose of this record it is the employer who verifies the individual.',
  );
}

/** What was sent again is compared with what is held: the copy by opening it, never by a digest that would outlive it. */
async function repeated(
  request: AddRequest,
  known: { digest: Buffer; documentId: string; record: RecordOfDocument },
  { trx, keys, keepDays }: Step,
): Promise<DocumentMetadata> {
  const { tenantId, recordId, document } = request;
  const { documentId, record, digest } = known;
  const place = { tenantId, recordId, documentId, position: record.position };
  const held = await findDocument(trx, place);
  if (!held || !digest.equals(digestWithoutCopy(request))) throw otherCopy();
  if (held.sealed === null) throw new Refusal('document-purged', 'The copy was purged since.');
  const content = await keys.open(place, held.sealed, trx);
  const same = content.equals(document.content);
  content.fill(0);
  if (!same) throw otherCopy();
  return documentMetadata(held, keepDays);
}

function requireKept(row: Parameters<typeof documentMetadata>[0] | undefined, keepDays: number) {
  if (!row) throw new Error('a copy was not kept');
  return documentMetadata(row, keepDays);
}

function otherCopy(): Refusal {
  return new Refusal('idempotency-mismatch', 'Send another copy under a key of its own.');
}

/** Without the day of a copy that had none: a repeat after midnight is the same request. */
function digestWithoutCopy({ recordId, document }: AddRequest): Buffer {
  return digestOf([recordId, document.check, document.verifiedOn ?? null]);
}
