import { z } from 'zod';
import { DOCUMENT_MEDIA, IDENTITY_CHECKS, MAX_DOCUMENT_BYTES, NUMBER_CHECKS } from '@mnv/core';
import { openApi } from '@mnv/service-kit';
import { Receipt, SignedRequest } from './disclosure-paths.ts';

const { PROBLEM, json, jsonBody, IdempotencyKey, Instant, RecordPath, TenantPath, Uuid } = openApi;

const Check = z.enum([...NUMBER_CHECKS, ...IDENTITY_CHECKS]);
const NewDocument = z
  .object({
    check: Check,
    verifiedOn: z.iso.date().optional(),
    content: z.base64(),
  })
  .meta({
    id: 'NewIdentityDocument',
    description: `A JPEG, PNG or PDF of at most ${MAX_DOCUMENT_BYTES} bytes, told by its first bytes. Without verifiedOn its days are counted from the day it is stored.`,
  });
const Document = z
  .object({
    documentId: Uuid,
    recordId: Uuid,
    check: Check,
    mediaType: z.enum(DOCUMENT_MEDIA),
    bytes: z.int(),
    storedAt: Instant,
    verifiedOn: z.iso.date().optional(),
    keptUntil: z.iso.date(),
    held: z
      .literal(true)
      .optional()
      .meta({ description: 'A legal hold keeps it beyond that day.' }),
    purged: z.object({ at: Instant, because: z.enum(['time', 'disposal']) }).optional(),
  })
  .meta({ id: 'IdentityDocument', description: 'What is known of a copy. Never its content.' });
const Period = z
  .object({
    keepDays: z.int(),
    maximumDays: z.int(),
    rule: z.string(),
    citation: z.string(),
    confidence: z.string(),
    doubt: z.string().nullable(),
  })
  .meta({ id: 'IdentityDocumentPeriod', description: 'A rule of the house, not a period of law.' });
const Disclosed = z
  .object({
    recordId: Uuid,
    documentId: Uuid,
    mediaType: z.enum(DOCUMENT_MEDIA),
    content: z.base64(),
    index: z.int(),
    receipt: Receipt,
  })
  .meta({ id: 'DisclosedIdentityDocument' });
const Page = z.object({ documents: z.array(Document), next: Uuid.optional() });

/** Copies of identity documents (本人確認書類の写し). */
export const identityDocumentPaths = {
  '/v1/tenants/{tenantId}/records/{recordId}/identity-documents': {
    post: {
      summary: 'Keep a copy of an identity document with a record, until its days are over',
      requestParams: { ...RecordPath, header: IdempotencyKey },
      requestBody: jsonBody(NewDocument),
      responses: { '201': json('Kept', Document), default: PROBLEM },
    },
    get: {
      summary: 'What is known of the copies of a record, the purged too',
      requestParams: RecordPath,
      responses: {
        '200': json('Known', z.object({ documents: z.array(Document) })),
        default: PROBLEM,
      },
    },
  },
  '/v1/tenants/{tenantId}/identity-document-disclosures': {
    post: {
      summary:
        'Disclose one copy: the signed request (op disclose-identity-document) covers the record, then the copy',
      requestParams: { ...TenantPath, header: SignedRequest },
      requestBody: jsonBody(z.object({ recordId: Uuid, documentId: Uuid })),
      responses: { '200': json('Disclosed', Disclosed), default: PROBLEM },
    },
  },
  '/v1/tenants/{tenantId}/identity-document-purges': {
    get: {
      summary: 'Copies that were purged, the oldest first',
      requestParams: { ...TenantPath, query: z.object({ cursor: Uuid.optional() }) },
      responses: { '200': json('Purged', Page), default: PROBLEM },
    },
  },
  '/v1/tenants/{tenantId}/identity-document-period': {
    get: {
      summary: 'How many days copies are kept, and what says so',
      requestParams: TenantPath,
      responses: { '200': json('The period', Period), default: PROBLEM },
    },
    post: {
      summary: 'Keep copies fewer days than the rule allows, or as many',
      requestParams: TenantPath,
      requestBody: jsonBody(z.object({ keepDays: z.int() })),
      responses: { '200': json('The period', Period), default: PROBLEM },
    },
  },
};
