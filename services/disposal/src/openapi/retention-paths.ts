import { z } from 'zod';
import { openApi } from '@mnv/service-kit';
import * as of from './retention-schemas.ts';
import { signedRequestHeader } from './signed-request-header.ts';

const { PROBLEM, TenantPath, Uuid, json, jsonBody, ndjson } = openApi;
const under = (shape: z.ZodRawShape) => ({ path: TenantPath.path.extend(shape) });
const asked = (query: z.ZodRawShape) => ({ ...TenantPath, query: z.object(query) });
const Day = z.iso.date();
const SignedHold = signedRequestHeader(
  'exactly this change: pur DISPOSAL, case LEGAL-HOLD, n individuals, its digest (RFC 8785)',
);

const answers = (status: '200' | '201', description: string, schema: z.ZodType) => ({
  [status]: json(description, schema),
  default: PROBLEM,
});

/** How long numbers live, and what people tell and decide about it. */
export const retentionPaths = {
  '/v1/tenants/{tenantId}/retention/events': {
    post: {
      summary: 'Tell what happened: one event as JSON, or many as NDJSON, each by itself',
      requestParams: TenantPath,
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: of.Event },
          'application/x-ndjson': { schema: of.Event },
        },
      },
      responses: {
        '200': ndjson('Told before; of many, a line for each', of.EventLine),
        '201': json('Recorded', of.EventOutcome),
        default: PROBLEM,
      },
    },
  },
  '/v1/tenants/{tenantId}/retention/records/{recordId}': {
    get: {
      summary: 'How long a number and its documents live and why, now or as of a past day',
      requestParams: { ...under({ recordId: Uuid }), query: z.object({ asOf: Day.optional() }) },
      responses: answers('200', 'The life', of.Life),
    },
  },
  '/v1/tenants/{tenantId}/retention/tasks': {
    get: {
      summary: 'What waits for people',
      requestParams: TenantPath,
      responses: answers('200', 'Tasks', z.object({ tasks: z.array(of.Task) })),
    },
  },
  '/v1/tenants/{tenantId}/retention/decisions': {
    get: {
      summary: 'What was proposed and decided',
      requestParams: TenantPath,
      responses: answers('200', 'Decisions', z.object({ decisions: z.array(of.Decision) })),
    },
    post: {
      summary: 'Propose an answer to what the law leaves open',
      requestParams: TenantPath,
      requestBody: jsonBody(of.Proposal),
      responses: answers('201', 'Proposed', of.DecisionId),
    },
  },
  '/v1/tenants/{tenantId}/retention/decisions/{decisionId}/confirmations': {
    post: {
      summary: 'Confirm a proposal, as another person',
      requestParams: under({ decisionId: Uuid }),
      responses: answers('200', 'Decided', of.DecisionId),
    },
  },
  '/v1/tenants/{tenantId}/retention/holds': {
    get: {
      summary: 'Legal holds',
      requestParams: TenantPath,
      responses: answers('200', 'Holds', z.object({ holds: z.array(of.Hold) })),
    },
    post: {
      summary: 'Place a legal hold',
      requestParams: { ...TenantPath, header: SignedHold },
      requestBody: jsonBody(of.NewHold),
      responses: answers('201', 'Placed', of.PlacedHold),
    },
  },
  '/v1/tenants/{tenantId}/retention/holds/{holdId}/lifts': {
    post: {
      summary: 'Lift a legal hold',
      requestParams: { ...under({ holdId: Uuid }), header: SignedHold },
      requestBody: jsonBody(z.object({ reason: z.string() })),
      responses: answers('200', 'Lifted', z.object({ holdId: Uuid })),
    },
  },
  '/v1/tenants/{tenantId}/retention/files': {
    get: {
      summary: 'The files of numbers a tenant keeps (管理台帳), in counts',
      requestParams: TenantPath,
      responses: answers('200', 'Files', of.Files),
    },
  },
  '/v1/tenants/{tenantId}/retention/jobs': {
    get: {
      summary: 'What retention did by itself, the newest first',
      requestParams: TenantPath,
      responses: answers('200', 'Runs', of.Runs),
    },
  },
  '/v1/tenants/{tenantId}/retention/due': {
    get: {
      summary: 'Records whose last ground has ended, the longest due first',
      requestParams: asked({
        until: Day.optional(),
        cursor: z.string().optional(),
        limit: z.int().min(1).max(1000).optional(),
      }),
      responses: answers('200', 'A page', of.DuePage),
    },
  },
  '/v1/tenants/{tenantId}/retention/dry-runs': {
    post: {
      summary: 'List what would be disposed of, without doing anything',
      requestParams: TenantPath,
      requestBody: jsonBody(of.AskDryRun),
      responses: answers('201', 'The dry run', of.DryRun),
    },
  },
  '/v1/tenants/{tenantId}/retention/dry-runs/{dryRunId}': {
    get: {
      summary: 'A dry run as it was made',
      requestParams: under({ dryRunId: Uuid }),
      responses: answers('200', 'The dry run', of.DryRun),
    },
  },
  '/v1/tenants/{tenantId}/retention/dry-runs/{dryRunId}/parts/{part}': {
    get: {
      summary: 'The records of one part, as they may be requested today',
      requestParams: under({ dryRunId: Uuid, part: z.int().min(1) }),
      responses: { '200': ndjson('One a line', of.PartLine), default: PROBLEM },
    },
  },
};
