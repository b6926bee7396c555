import { z } from 'zod';
import { openApi } from '@mnv/service-kit';
import { DraftHead, DraftLine } from '../disposals/draft-body.ts';
import { signedRequestHeader } from './signed-request-header.ts';

const { PROBLEM, json, ndjson, ndjsonBody, text, IdempotencyKey, Instant, TenantPath, Uuid } =
  openApi;

const Count = z.int().min(0);
const Hash = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const DisposalPath = { path: TenantPath.path.extend({ disposalId: Uuid }) };
const SignedRequest = signedRequestHeader('the batch: pur DISPOSAL, its case, n and hash');
const Disposal = z
  .object({
    disposalId: Uuid,
    caseId: z.string(),
    reason: z.string(),
    batchHash: Hash,
    count: Count,
    notDue: Count.optional().meta({
      description: 'How many had a ground to be kept, or an unknown one, when this was drafted',
    }),
    state: z.string().meta({
      description: 'draft, requested, frozen, intent … erased, certified, or stopped',
    }),
    held: z.boolean(),
    approvals: Count,
    draftedBy: z.string(),
    draftedAt: Instant,
    ordered: z.boolean(),
    epoch: Count.optional(),
    indices: z.looseObject({}).optional(),
    certificate: z
      .object({
        number: Count,
        tenantNumber: Count,
        hash: Hash,
        issuedAt: Instant,
        index: Count.optional(),
      })
      .optional(),
  })
  .meta({ id: 'Disposal' });
const Drafted = z.object({ disposalId: Uuid, batchHash: Hash, count: Count });

const answers = <Good>(good: Good) => ({ responses: { '200': good, default: PROBLEM } });
const signed = (summary: string) => ({
  post: {
    summary,
    requestParams: { ...DisposalPath, header: SignedRequest },
    ...answers(json('As it stands', Disposal)),
  },
});
const got = <Good>(summary: string, good: Good) => ({
  get: { summary, requestParams: DisposalPath, ...answers(good) },
});
const BASE = '/v1/tenants/{tenantId}/disposals';

/** Disposals of a tenant. */
export const disposalPaths = {
  [BASE]: {
    post: {
      summary: 'Draft one: why, then its records, in the order that is hashed',
      requestParams: { ...TenantPath, header: IdempotencyKey },
      requestBody: ndjsonBody(z.union([DraftHead, DraftLine])),
      responses: { '201': json('Drafted', Drafted), default: PROBLEM },
    },
    get: {
      summary: 'The newest first',
      requestParams: { ...TenantPath, query: z.object({ before: Uuid.optional() }) },
      ...answers(json('A page', z.object({ disposals: z.array(Disposal), next: Uuid.optional() }))),
    },
  },
  [`${BASE}/{disposalId}`]: got('How it stands', json('As it stands', Disposal)),
  [`${BASE}/{disposalId}/request`]: signed('Ask for it'),
  [`${BASE}/{disposalId}/approvals`]: signed('Approve exactly this batch'),
  [`${BASE}/{disposalId}/holds`]: signed('Report a hold: approvals before it count no more'),
  [`${BASE}/{disposalId}/order`]: signed('Have it carried out'),
  [`${BASE}/{disposalId}/stop`]: signed('Stop it while no key is dropped'),
  [`${BASE}/{disposalId}/records`]: got(
    'Its record ids, in the order that is hashed',
    ndjson('One a line', z.object({ recordId: Uuid })),
  ),
  [`${BASE}/{disposalId}/certificate`]: got(
    'Its certificate',
    text('Compact JWS, docs/certificate.md', 'application/jose'),
  ),
  [`${BASE}/{disposalId}/individual-refs`]: got(
    'Whose numbers are gone, by the keys of the tenant',
    ndjson('One a line', DraftLine),
  ),
  [`${BASE}/{disposalId}/individual-refs/received`]: {
    post: {
      summary: 'The list was received: it is forgotten here',
      requestParams: DisposalPath,
      ...answers(json('Forgotten', z.object({}))),
    },
  },
};
