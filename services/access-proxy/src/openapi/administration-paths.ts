import { z } from 'zod';
import { openApi } from '@mnv/service-kit';
import { restorePaths } from './restore-paths.ts';

const { PROBLEM, json, jsonBody, TenantPath, Uuid } = openApi;

const Day = z.iso.date();
const name = z.string().min(1).max(200);
const tenantId = TenantPath.path.shape.tenantId;
const subject = z.string().min(1).max(128);
const Tenant = z.object({ tenantId, name, origin: z.string() }).meta({ id: 'Tenant' });
const Operator = z.object({ subject, name }).meta({ id: 'Operator' });
const Assignment = z.object({
  subject,
  purposes: z.array(z.string()).min(1).max(100),
  from: Day,
  to: Day.optional(),
});
const Training = z.object({
  subject,
  course: z.string().min(1).max(100),
  completedOn: Day,
  expiresOn: Day,
});

/** What administrators of the operator company keep. */
export const administrationPaths = {
  ...restorePaths,
  '/v1/tenants': {
    post: {
      summary: 'Create a tenant',
      requestBody: jsonBody(z.object({ tenantId, name })),
      responses: { '201': json('Created, or there already', Tenant), default: PROBLEM },
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
      requestBody: jsonBody(Operator),
      responses: {
        '200': json('Registered before', Operator),
        '201': json('Registered', Operator),
        default: PROBLEM,
      },
    },
  },
  '/v1/tenants/{tenantId}/assignments': {
    post: {
      summary: 'Assign an operator to a tenant',
      requestParams: TenantPath,
      requestBody: jsonBody(Assignment),
      responses: {
        '201': json('Assigned', z.object({ assignmentId: Uuid })),
        default: PROBLEM,
      },
    },
  },
  '/v1/training': {
    post: {
      summary: 'Record training',
      requestBody: jsonBody(Training),
      responses: { '201': json('Recorded', z.object({ trainingId: Uuid })), default: PROBLEM },
    },
  },
};
