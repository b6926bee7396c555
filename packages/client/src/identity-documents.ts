import { isUuid } from '@mnv/core';
import type { DocumentMedia, DocumentMetadata, DocumentPeriod } from '@mnv/core';
import { DOCUMENT_MEDIA } from '@mnv/core';
import type { Receipt } from '@mnv/protocol';
import type { DiscloseContext } from './disclose.ts';
import { signAsk } from './disclose.ts';
import { receiptFrom } from './disclosure-answer.ts';
import type { DisclosurePurpose } from './disclosure.ts';
import { newIdempotencyKey } from './idempotency-key.ts';
import { jsonCall } from './json-call.ts';
import { bytesOf, parseAnswer } from './read-answer.ts';
import { mayAskAgain, repeating } from './retry.ts';
import { TransportError } from './transport-error.ts';

/** A copy of an identity document (本人確認書類の写し): a JPEG, PNG or PDF of at most 5 MiB. */
export type NewIdentityDocument = {
  recordId: string;
  /** The check it was taken for: `N1`–`N7` or `I1`–`I6`. */
  check: string;
  /** Legal day; without it the days are counted from the day it is stored. */
  verifiedOn?: string;
  content: Uint8Array;
};

/** What is asked for, and for which purpose the individual was verified. */
export type IdentityDocumentAsk = DisclosurePurpose & { recordId: string; documentId: string };

export type DisclosedIdentityDocument = {
  recordId: string;
  documentId: string;
  mediaType: DocumentMedia;
  content: Buffer;
  requestId: string;
  receipt: Receipt;
};

export type IdentityDocuments = {
  /** Repeats itself under one idempotency key: it is kept once. */
  add: (document: NewIdentityDocument, idempotencyKey?: string) => Promise<DocumentMetadata>;
  list: (recordId: string) => Promise<DocumentMetadata[]>;
  /** Each sending is a request of its own, with two entries: for the record, and for the copy. */
  disclose: (ask: IdentityDocumentAsk) => Promise<DisclosedIdentityDocument>;
  /** What was purged, the oldest first. */
  purges: () => AsyncGenerator<DocumentMetadata>;
  period: () => Promise<DocumentPeriod>;
  setPeriod: (keepDays: number) => Promise<DocumentPeriod>;
};

const MAX_COPY_BYTES = 8 * 1024 * 1024;
const COPY_DEADLINE_MS = 45_000;

export function makeIdentityDocuments(context: DiscloseContext): IdentityDocuments {
  const base = `/v1/tenants/${context.tenant}`;
  const period = `${base}/identity-document-period`;
  return {
    async add({ recordId, check, verifiedOn, content }, key = newIdempotencyKey()) {
      const text = Buffer.from(content).toString('base64');
      const added = await jsonCall(context, {
        method: 'POST',
        path: `${base}/records/${uuidOf(recordId)}/identity-documents`,
        headers: { 'idempotency-key': key },
        json: { check, ...(verifiedOn !== undefined && { verifiedOn }), content: text },
        deadlineMs: COPY_DEADLINE_MS,
      });
      return metadataFrom(added);
    },
    async list(recordId) {
      const path = `${base}/records/${uuidOf(recordId)}/identity-documents`;
      return documentsFrom(await jsonCall(context, { method: 'GET', path }));
    },
    disclose: (ask) => discloseDocument(context, ask),
    async *purges() {
      let query = '';
      do {
        const path = `${base}/identity-document-purges${query}`;
        const page = await jsonCall(context, { method: 'GET', path });
        yield* documentsFrom(page);
        const { next } = page as { next?: unknown };
        query = typeof next === 'string' ? `?cursor=${uuidOf(next)}` : '';
      } while (query !== '');
    },
    period: async () =>
      (await jsonCall(context, { method: 'GET', path: period })) as DocumentPeriod,
    setPeriod: async (keepDays) =>
      (await jsonCall(context, {
        method: 'POST',
        path: period,
        json: { keepDays },
      })) as DocumentPeriod,
  };
}

/** Throws ProblemError when refused; TransportError `outcome-unknown` when the copy may have been released. */
function discloseDocument(
  context: DiscloseContext,
  ask: IdentityDocumentAsk,
): Promise<DisclosedIdentityDocument> {
  const { tenant } = context;
  const { recordId, documentId } = ask;
  const recordIds = [recordId, documentId];
  return repeating(context.retry, mayAskAgain, async () => {
    const signed = { requestId: '', jws: '' };
    const answer = await context.call(tenant, () => {
      const operation = 'disclose-identity-document';
      Object.assign(signed, signAsk(context, { ...ask, recordIds, operation }));
      return {
        method: 'POST',
        path: `/v1/tenants/${tenant}/identity-document-disclosures`,
        headers: { 'content-type': 'application/json', 'mynumber-request': signed.jws },
        body: JSON.stringify({ recordId, documentId }),
      };
    });
    const value = parseAnswer((await bytesOf(answer.body, MAX_COPY_BYTES)).toString('utf8'));
    const { requestId } = signed;
    const receipt = receiptFrom((value as { receipt?: unknown } | null)?.receipt);
    const copy = copyFrom(value, documentId);
    context.checkReceipt({ requestId, recordIds, receipt, tenant, purpose: ask });
    return { recordId, documentId, ...copy, requestId, receipt };
  });
}

function copyFrom(
  value: unknown,
  wanted: string,
): Pick<DisclosedIdentityDocument, 'mediaType' | 'content'> {
  const { documentId, mediaType, content } = (value ?? {}) as Record<string, unknown>;
  const media = DOCUMENT_MEDIA.find((one) => one === mediaType);
  if (documentId !== wanted || !media || typeof content !== 'string')
    throw new TransportError('answer-invalid', 'IDENTITY_DOCUMENT');
  return { mediaType: media, content: Buffer.from(content, 'base64') };
}

function documentsFrom(value: unknown): DocumentMetadata[] {
  const { documents } = (value ?? {}) as { documents?: unknown };
  if (!Array.isArray(documents)) throw new TransportError('answer-invalid', 'IDENTITY_DOCUMENTS');
  return documents.map(metadataFrom);
}

function metadataFrom(value: unknown): DocumentMetadata {
  const { documentId, keptUntil } = (value ?? {}) as Record<string, unknown>;
  if (typeof documentId !== 'string' || typeof keptUntil !== 'string')
    throw new TransportError('answer-invalid', 'IDENTITY_DOCUMENT');
  return value as DocumentMetadata;
}

function uuidOf(text: string): string {
  if (!isUuid(text)) throw new TypeError('an id is a UUID in lower case');
  return text;
}
