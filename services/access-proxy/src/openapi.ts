import { z } from 'zod';
import { createDocument } from 'zod-openapi';
import { CHANNELS, IDENTITY_CHECKS, NUMBER_CHECKS, SUBJECTS } from '@mnv/core';

const Uuid = z.uuid();
const Instant = z.iso.datetime();
const TenantPath = { path: z.object({ tenantId: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/) }) };
const RecordPath = { path: TenantPath.path.extend({ recordId: Uuid }) };
const SignedRequest = z.object({
  'Mynumber-Request': z.string().meta({
    description:
      'Compact JWS (ES256, or PS256 for RSA keys) by the key of the client certificate, typ "mnv-request+jws", over {v,rid,iat,ten,op,pur,case,n,ids}.',
  }),
});
const IdempotencyKey = z.object({ 'Idempotency-Key': z.string().regex(/^[A-Za-z0-9_-]{8,64}$/) });

const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string().optional(),
    instance: z.string().optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457. Quotes neither input nor stored data.' });
const Receipt = z
  .object({
    first: z.int(),
    n: z.int(),
    entries: z.array(z.base64()),
    proof: z.array(z.base64()),
    checkpoint: z.string(),
  })
  .meta({
    id: 'Receipt',
    description: 'Entries, range proof and signed checkpoint; verifiable offline.',
  });
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
const RecordMetadata = z
  .object({ recordId: Uuid, ...RecordFacts, storedAt: Instant })
  .meta({ id: 'RecordMetadata', description: 'Never the number.' });
const Disclosure = z
  .object({ recordId: Uuid, individualNumber: z.string(), index: z.int(), receipt: Receipt })
  .meta({ id: 'Disclosure' });
const ReportQuery = {
  ...TenantPath,
  query: z.object({
    from: z.string().optional(),
    to: z.string().optional(),
    cursor: z.string().optional(),
    limit: z.int().max(5000).optional(),
  }),
};

const PROBLEM = {
  description: 'Refused',
  content: { 'application/problem+json': { schema: Problem } },
};

function json(description: string, schema: z.ZodType) {
  return { description, content: { 'application/json': { schema } } };
}
function ndjson(description: string) {
  return { description, content: { 'application/x-ndjson': { schema: z.string() } } };
}
function body(schema: z.ZodType) {
  return { required: true, content: { 'application/json': { schema } } };
}

/** The public surface as OpenAPI 3.1, served at `/openapi.json`. */
export function openApiDocument(): object {
  return createDocument({
    openapi: '3.1.0',
    info: { title: 'mynumber-vault access proxy', version: '1' },
    security: [{ mutualTls: [], accessToken: [] }],
    components: {
      securitySchemes: {
        mutualTls: { type: 'mutualTLS' },
        accessToken: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'RFC 9068, bound to the certificate',
        },
      },
    },
    paths: { ...recordPaths(), ...disclosurePaths(), ...reviewPaths(), ...administrationPaths() },
  });
}

function recordPaths() {
  const find = z.object({ individualRef: z.string(), subject: z.enum(SUBJECTS).optional() });
  return {
    '/v1/tenants/{tenantId}/records': {
      post: {
        summary: 'Store one number',
        requestParams: { ...TenantPath, header: IdempotencyKey },
        requestBody: body(NewRecord),
        responses: { '201': json('Stored', z.object({ recordId: Uuid })), default: PROBLEM },
      },
    },
    '/v1/tenants/{tenantId}/records/batch': {
      post: {
        summary: 'Store many: one record a line, one answer a line, in order',
        requestParams: { ...TenantPath, header: IdempotencyKey },
        requestBody: { required: true, content: { 'application/x-ndjson': { schema: NewRecord } } },
        responses: { '200': ndjson('{"line","recordId"} or {"line","problem"}'), default: PROBLEM },
      },
    },
    '/v1/tenants/{tenantId}/records/find': {
      post: {
        summary: 'Find living records of an individual',
        requestParams: TenantPath,
        requestBody: body(find),
        responses: {
          '200': json('Found', z.object({ records: z.array(RecordMetadata) })),
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
  };
}

function disclosurePaths() {
  return {
    '/v1/tenants/{tenantId}/disclosures': {
      post: {
        summary: 'Disclose one number',
        requestParams: { ...TenantPath, header: SignedRequest },
        requestBody: body(z.object({ recordId: Uuid })),
        responses: { '200': json('Disclosed', Disclosure), default: PROBLEM },
      },
    },
    '/v1/tenants/{tenantId}/disclosures/batch': {
      post: {
        summary: 'Disclose many: one signed chunk of up to 500 ids a line',
        requestParams: TenantPath,
        requestBody: {
          required: true,
          content: {
            'application/x-ndjson': {
              schema: z.object({ request: z.string(), recordIds: z.array(Uuid) }),
            },
          },
        },
        responses: {
          '200': ndjson('A line per record, then {"rid","receipt"} per chunk'),
          default: PROBLEM,
        },
      },
    },
  };
}

function reviewPaths() {
  const tile = { path: TenantPath.path.extend({ path: z.string() }) };
  const octets = {
    description: 'C2SP tlog-tiles',
    content: { 'application/octet-stream': { schema: z.string() } },
  };
  return {
    '/v1/tenants/{tenantId}/access-entries': {
      get: {
        summary: 'Entries of the access log',
        requestParams: ReportQuery,
        responses: {
          '200': json(
            'Entries',
            z.object({
              entries: z.array(z.looseObject({ index: z.int() })),
              next: z.string().optional(),
            }),
          ),
          default: PROBLEM,
        },
      },
    },
    '/v1/tenants/{tenantId}/reports/access': {
      get: {
        summary: 'Who used numbers, why, when and with what result',
        requestParams: ReportQuery,
        responses: {
          '200': json('Report', z.looseObject({ origin: z.string() })),
          default: PROBLEM,
        },
      },
    },
    '/v1/tenants/{tenantId}/log/checkpoint': {
      get: {
        summary: 'The newest signed checkpoint',
        requestParams: TenantPath,
        responses: {
          '200': {
            description: 'C2SP tlog-checkpoint',
            content: { 'text/plain': { schema: z.string() } },
          },
          default: PROBLEM,
        },
      },
    },
    '/v1/tenants/{tenantId}/log/{path}': {
      get: {
        summary: 'Tiles and entry bundles',
        requestParams: tile,
        responses: { '200': octets, default: PROBLEM },
      },
    },
  };
}

function administrationPaths() {
  const created = (schema: z.ZodType) => ({ '201': json('Created', schema), default: PROBLEM });
  const name = z.string().max(200);
  const Tenant = z
    .object({ tenantId: z.string(), name, origin: z.string() })
    .meta({ id: 'Tenant' });
  const assignment = z.object({
    subject: z.string(),
    purposes: z.array(z.string()),
    from: z.iso.date(),
    to: z.iso.date().optional(),
  });
  const training = z.object({
    subject: z.string(),
    course: z.string(),
    completedOn: z.iso.date(),
    expiresOn: z.iso.date(),
  });
  return {
    '/v1/tenants': {
      post: {
        summary: 'Create a tenant',
        requestBody: body(z.object({ tenantId: z.string(), name })),
        responses: created(Tenant),
      },
      get: {
        summary: 'List tenants',
        responses: {
          '200': json('Tenants', z.object({ tenants: z.array(Tenant) })),
          default: PROBLEM,
        },
      },
    },
    '/v1/operators': {
      post: {
        summary: 'Register an operator',
        requestBody: body(z.object({ subject: z.string(), name })),
        responses: created(z.object({ subject: z.string(), name })),
      },
    },
    '/v1/tenants/{tenantId}/assignments': {
      post: {
        summary: 'Assign an operator to a tenant',
        requestParams: TenantPath,
        requestBody: body(assignment),
        responses: created(z.object({ assignmentId: Uuid })),
      },
    },
    '/v1/training': {
      post: {
        summary: 'Record training',
        requestBody: body(training),
        responses: created(z.object({ trainingId: Uuid })),
      },
    },
  };
}
