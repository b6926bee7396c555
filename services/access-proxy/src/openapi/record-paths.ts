import { z } from 'zod';
import {
  CHANGE_REASONS,
  CHANNELS,
  IDENTITY_CHECKS,
  NUMBER_CHECKS,
  STORE_WARNINGS,
  SUBJECTS,
} from '@mnv/core';
import { openApi } from '@mnv/service-kit';

const {
  PROBLEM,
  RefusedLine,
  json,
  jsonBody,
  ndjson,
  ndjsonBody,
  IdempotencyKey,
  Instant,
  RecordPath,
  TenantPath,
  Uuid,
} = openApi;

const Verification = z
  .object({
    numberCheck: z.enum(NUMBER_CHECKS),
    identityCheck: z.enum(IDENTITY_CHECKS),
    channel: z.enum(CHANNELS),
    proxy: z.string().optional(),
    verifiedBy: z.string(),
    verifiedOn: z.iso.date(),
  })
  .meta({ id: 'Verification' });
const RecordFacts = {
  individualRef: z.string().max(64),
  subject: z.enum(SUBJECTS),
  relatedRef: z.string().max(64).optional(),
  purposes: z.array(z.string()),
  verification: Verification,
  noticeVersion: z.string(),
};
const NewRecord = z
  .object({ ...RecordFacts, individualNumber: z.string().regex(/^[0-9]{12}$/) })
  .meta({ id: 'NewRecord' });
const Superseded = z.object({ by: Uuid, reason: z.enum(CHANGE_REASONS), from: z.iso.date() }).meta({
  id: 'Superseded',
  description: 'Another record holds the number of the individual since that legal day.',
});
const NumberChange = z
  .object({
    individualNumber: z.string().regex(/^[0-9]{12}$/),
    from: z.iso.date(),
    reason: z.enum(CHANGE_REASONS),
    verification: Verification,
    noticeVersion: z.string(),
  })
  .meta({
    id: 'NumberChange',
    description:
      'changed: the municipality gave the individual another number (番号変更). corrected: the number stored was mistyped.',
  });
const RecordMetadata = z
  .object({
    recordId: Uuid,
    ...RecordFacts,
    storedAt: Instant,
    superseded: Superseded.optional(),
  })
  .meta({ id: 'RecordMetadata', description: 'Never the number.' });
const Wanted = z.object({
  individualRef: z.string().max(64),
  subject: z.enum(SUBJECTS).optional(),
});
const Stored = z.object({ recordId: Uuid, warning: z.enum(STORE_WARNINGS).optional() }).meta({
  id: 'Stored',
  description:
    'It is stored, whatever the warning. held-for-another-person: the tenant holds this number for another individualRef too. duplicates-not-checked: it was not compared.',
});
const StoredLine = z.union([
  z.object({ line: z.int() }).extend(Stored.shape),
  RefusedLine.extend({ line: z.int() }),
]);

/** Storing numbers, and what is known of records. */
export const recordPaths = {
  '/v1/tenants/{tenantId}/records': {
    post: {
      summary: 'Store one number',
      requestParams: { ...TenantPath, header: IdempotencyKey },
      requestBody: jsonBody(NewRecord),
      responses: { '201': json('Stored', Stored), default: PROBLEM },
    },
  },
  '/v1/tenants/{tenantId}/records/batch': {
    post: {
      summary: 'Store many: one record a line, one answer a line, in order',
      requestParams: { ...TenantPath, header: IdempotencyKey },
      requestBody: ndjsonBody(NewRecord),
      responses: { '200': ndjson('One line for each line', StoredLine), default: PROBLEM },
    },
  },
  '/v1/tenants/{tenantId}/records/find': {
    post: {
      summary:
        'Find living records of an individual: those that hold the number in use, and those they superseded',
      requestParams: TenantPath,
      requestBody: jsonBody(Wanted),
      responses: {
        '200': json(
          'Found',
          z.object({ records: z.array(RecordMetadata), superseded: z.array(RecordMetadata) }),
        ),
        default: PROBLEM,
      },
    },
  },
  '/v1/tenants/{tenantId}/records/{recordId}': {
    get: {
      summary: 'What is known of a record',
      requestParams: RecordPath,
      responses: { '200': json('Known', RecordMetadata), default: PROBLEM },
    },
  },
  '/v1/tenants/{tenantId}/records/{recordId}/number-changes': {
    post: {
      summary:
        'Store another number of the individual: a new record holds it, and the one named is superseded',
      requestParams: { ...RecordPath, header: IdempotencyKey },
      requestBody: jsonBody(NumberChange),
      responses: {
        '201': json('Stored; the record that holds the number from now on', Stored),
        default: PROBLEM,
      },
    },
  },
};
