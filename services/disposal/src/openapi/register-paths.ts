import { z } from 'zod';
import { openApi } from '@mnv/service-kit';

const { PROBLEM, Instant, TenantPath, Uuid, json, jsonBody } = openApi;
const under = (shape: z.ZodRawShape) => ({ path: TenantPath.path.extend(shape) });
const Day = z.iso.date();
const Text = z.string();
const Hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const answers = (status: '200' | '201', description: string, schema: z.ZodType) => ({
  [status]: json(description, schema),
  default: PROBLEM,
});
const once = (schema: z.ZodType) => ({
  '200': json('It was there', schema),
  '201': json('Kept', schema),
  default: PROBLEM,
});

const Certificates = z.object({
  certificates: z.array(
    z.object({
      disposalId: Uuid,
      caseId: Text,
      count: z.int(),
      number: z.int(),
      tenantNumber: z.int(),
      hash: Hash,
      issuedAt: Instant,
      deliveries: z.array(z.object({ to: Text, at: Instant })),
      acknowledgement: z.object({ by: Text, at: Instant }).nullable(),
    }),
  ),
  next: Text.optional(),
});
const Carried = z
  .object({
    id: Text,
    on: Day,
    what: Text,
    people: z.int(),
    medium: z.enum(['paper', 'usb', 'disc', 'device', 'transmission', 'other']),
    protections: z.array(Text),
    seal: Text.optional(),
    tracking: Text.optional(),
    carrier: Text,
    from: Text,
    to: Text,
    approvedBy: Text.optional(),
  })
  .meta({ id: 'CarriedItem' });
const CarriedEnd = z.object({ kind: z.enum(['received', 'withdrawn']), on: Day, remark: Text });
const Proof = z.object({
  fileSha256: z.string().regex(/^[0-9a-f]{64}$/),
  issuer: Text,
  issuedOn: Day,
  kind: z.enum(['certificate', 'log', 'report']),
  disposalId: Uuid.optional(),
});
const Deletion = z.object({ subcontractor: Text, what: Text, dueOn: Day });
const Id = z.object({ id: Text });
const DeletionId = z.object({ deletionId: Uuid });
const CARRIED = '/v1/tenants/{tenantId}/retention/carried-items';
const DELETIONS = '/v1/tenants/{tenantId}/retention/subcontractor-deletions';

const Period = z.object({ from: Day, to: Day });
const FilesPeriod = Period.extend({ responsible: Text.optional(), department: Text.optional() });
const document = (summary: string, body: z.ZodType = Period) => ({
  post: {
    summary,
    requestParams: TenantPath,
    requestBody: jsonBody(body),
    responses: { '200': openApi.register, default: PROBLEM },
  },
});
const REGISTERS = '/v1/tenants/{tenantId}/registers';

/** What a tenant keeps so that it can show it. */
export const registerPaths = {
  [`${REGISTERS}/files`]: document('管理台帳, with who had access', FilesPeriod),
  [`${REGISTERS}/handlers`]: document('事務取扱担当者の名簿'),
  [`${REGISTERS}/disposals`]: document('削除・廃棄の記録, drafted in the period'),
  [`${REGISTERS}/certificates`]: document('廃棄証明書の記録, issued in the period'),
  [`${REGISTERS}/carried`]: document('持ち運びの記録'),
  [`${REGISTERS}/subcontractors`]: document('委託先の証明の記録, due in the period'),
  [`${REGISTERS}/refusals`]: document('提供拒否の経過の記録'),
  '/v1/tenants/{tenantId}/disposal-certificates': {
    get: {
      summary: 'Certificates, who was handed them, and who has acknowledged them',
      requestParams: {
        ...TenantPath,
        query: z.object({
          state: z.enum(['undelivered', 'unacknowledged']).optional(),
          before: Text.optional(),
        }),
      },
      responses: answers('200', 'The newest first', Certificates),
    },
  },
  '/v1/tenants/{tenantId}/disposals/{disposalId}/certificate/acknowledgements': {
    post: {
      summary: 'Say that the tenant has the certificate',
      requestParams: under({ disposalId: Uuid }),
      requestBody: jsonBody(z.object({ hash: Hash })),
      responses: answers('200', 'Acknowledged', z.object({ tenantNumber: z.int() })),
    },
  },
  [CARRIED]: {
    get: {
      summary: 'What was carried (持ち運び) in a period, the oldest first',
      requestParams: {
        ...TenantPath,
        query: z.object({ from: Day, to: Day, after: Text.optional() }),
      },
      responses: answers(
        '200',
        'A page',
        z.object({ items: z.array(Carried.loose()), next: Text.optional() }),
      ),
    },
    post: {
      summary: 'Record what was carried; the same id is the same entry',
      requestParams: TenantPath,
      requestBody: jsonBody(Carried),
      responses: once(Id),
    },
  },
  [`${CARRIED}/{id}/ends`]: {
    post: {
      summary: 'Record who received it, or take the entry back',
      requestParams: under({ id: Text }),
      requestBody: jsonBody(CarriedEnd),
      responses: once(Id),
    },
  },
  [DELETIONS]: {
    get: {
      summary: 'Deletions of subcontractors and what proves them (委託先の証明)',
      requestParams: { ...TenantPath, query: z.object({ after: Text.optional() }) },
      responses: answers(
        '200',
        'Those without a proof first',
        z.object({
          deletions: z.array(
            Deletion.extend({ deletionId: Uuid, certificates: z.array(Proof.loose()) }).loose(),
          ),
          next: Text.optional(),
        }),
      ),
    },
    post: {
      summary: 'Note a deletion that somebody else has to prove by a day',
      requestParams: TenantPath,
      requestBody: jsonBody(Deletion),
      responses: answers('201', 'Noted', DeletionId),
    },
  },
  [`${DELETIONS}/{deletionId}/certificates`]: {
    post: {
      summary: 'Take in what proves it; the file stays with the tenant',
      requestParams: under({ deletionId: Uuid }),
      requestBody: jsonBody(Proof),
      responses: once(DeletionId),
    },
  },
};
