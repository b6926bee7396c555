import { z } from 'zod';
import { openApi } from '@mnv/service-kit';

const { PROBLEM, json, jsonBody, text, Instant, TenantPath, Uuid } = openApi;

const Count = z.int().min(0);
const ReportQuery = {
  ...TenantPath,
  query: z.object({
    from: z.string().optional().meta({ description: 'Day in Asia/Tokyo, or RFC 3339 instant' }),
    to: z.string().optional().meta({ description: 'The same; a day counts whole' }),
    cursor: z.string().optional().meta({ description: '"next" of the page before' }),
    limit: z.int().min(1).max(5000).optional(),
  }),
};
const Entry = z
  .object({
    index: Count,
    v: z.literal(1),
    k: z.enum(['intent', 'outcome', 'deny', 'act']),
    t: z.int(),
    ...Object.fromEntries(
      ['n', 'rid', 'ten', 'rec', 'op', 'iss', 'sub', 'act', 'x5t', 'tok', 'rqh'].map((name) => [
        name,
        z.string(),
      ]),
    ),
    pur: z.string(),
    case: z.string(),
    pol: z.string(),
    dec: z.string(),
    cnt: Count,
  })
  .meta({ id: 'AccessEntry', description: 'Names records by their random id; never a number.' });
const Row = z
  .object({
    at: Instant,
    kind: z.string(),
    who: z.string(),
    onBehalf: z.string(),
    operation: z.string(),
    purpose: z.string(),
    case: z.string(),
    record: z.string(),
    result: z.string(),
    count: Count,
    requestId: Uuid,
    index: Count,
  })
  .meta({ id: 'AccessReportRow' });
const Summary = z.object({
  entries: Count,
  intents: Count,
  delivered: Count,
  withoutOutcome: Count,
  refused: z.record(z.string(), Count),
  acts: z.record(z.string(), Count),
});
const Release = z
  .object({
    day: z.iso.date(),
    rid: Uuid,
    log: z.string(),
    first: Count,
    entries: z.array(z.base64()),
    at: Instant,
  })
  .meta({ id: 'RememberedRelease' });
const next = z.string().optional();
const checkpoint = (summary: string, requestParams: object = TenantPath) => ({
  get: {
    summary,
    requestParams,
    responses: { '200': text('C2SP tlog-checkpoint', 'text/plain'), default: PROBLEM },
  },
});

const Witnesses = z.object({
  witnesses: z.int().min(1).max(99).optional().meta({ description: 'At least so many; default 1' }),
});

const Day = z.iso.date();
const Days = z.object({ from: Day, to: Day });
const AccessListEntry = z
  .object({
    subject: z.string(),
    name: z.string(),
    purposes: z.array(z.string()),
    from: Day,
    to: Day.nullable(),
    addedAt: Instant,
    addedBy: z.string(),
    trainings: z.array(z.object({ course: z.string(), completedOn: Day, expiresOn: Day })),
    held: z.array(Days).meta({ description: 'Days on which assignment and training both held' }),
  })
  .meta({ id: 'AccessListEntry' });
const register = (summary: string) => ({
  post: {
    summary,
    requestParams: TenantPath,
    requestBody: jsonBody(Days),
    responses: { '200': openApi.register, default: PROBLEM },
  },
});

/** What auditors and compliance officers read. Each view is an entry itself. */
export const reviewPaths = {
  '/v1/tenants/{tenantId}/access-entries': {
    get: {
      summary: 'Entries of the access log',
      requestParams: ReportQuery,
      responses: {
        '200': json('One page', z.object({ entries: z.array(Entry), next })),
        default: PROBLEM,
      },
    },
  },
  '/v1/tenants/{tenantId}/reports/access': {
    get: {
      summary: 'Who used numbers, why, when and with what result; the summary is of the page',
      requestParams: ReportQuery,
      responses: {
        '200': json(
          'One page',
          z.object({ origin: z.string(), summary: Summary, rows: z.array(Row), next }),
        ),
        default: PROBLEM,
      },
    },
  },
  '/v1/tenants/{tenantId}/access-list': {
    get: {
      summary: 'Who could handle the tenant’s numbers in a period (アクセス権を有する者)',
      requestParams: { ...TenantPath, query: Days },
      responses: {
        '200': json('By person', z.object({ accessList: z.array(AccessListEntry) })),
        default: PROBLEM,
      },
    },
  },
  '/v1/tenants/{tenantId}/registers/uses': register('利用・出力の記録, of the access log'),
  '/v1/tenants/{tenantId}/registers/system-use': register('情報システムの利用状況, by day'),
  '/v1/tenants/{tenantId}/log/checkpoint': checkpoint('The newest signed checkpoint'),
  '/v1/tenants/{tenantId}/log/witnessed-checkpoint': checkpoint(
    'The newest checkpoint that an external witness cosigned, or several',
    { ...TenantPath, query: Witnesses },
  ),
  '/v1/tenants/{tenantId}/log/{path}': {
    get: {
      summary: 'Tiles and entry bundles',
      requestParams: { path: TenantPath.path.extend({ path: z.string() }) },
      responses: { '200': text('C2SP tlog-tiles', 'application/octet-stream'), default: PROBLEM },
    },
  },
  '/v1/tenants/{tenantId}/releases': {
    get: {
      summary: 'What the vault itself remembers of its releases, to compare with the log',
      requestParams: { ...TenantPath, query: z.object({ cursor: z.string().optional() }) },
      responses: {
        '200': json('One page', z.object({ releases: z.array(Release), next })),
        default: PROBLEM,
      },
    },
  },
  '/v1/control-log/checkpoint': checkpoint(
    'The newest signed checkpoint of the vault’s control log; for the operator company',
    {},
  ),
  '/v1/control-log/witnessed-checkpoint': checkpoint(
    'The newest checkpoint of the control log that an external witness cosigned, or several',
    { query: Witnesses },
  ),
  '/v1/control-log/{path}': {
    get: {
      summary: 'Tiles and entry bundles of the control log',
      requestParams: { path: z.object({ path: z.string() }) },
      responses: { '200': text('C2SP tlog-tiles', 'application/octet-stream'), default: PROBLEM },
    },
  },
};
