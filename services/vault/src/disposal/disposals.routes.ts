import { Router } from 'express';
import type { Request } from 'express';
import { z } from 'zod';
import { Refusal, isCaseId, isTenantId, isUuid } from '@mnv/core';
import { MAX_BATCH_RECORDS } from '@mnv/protocol';
import { jsonBody } from '@mnv/service-kit';
import { answerWithin, deadlineOf } from '../answer-within.ts';
import { PersonEvidence } from '../person.ts';
import type { ApproveDisposal } from './approve-disposal.ts';
import type { NamedDisposal } from './disposal-dependencies.ts';
import type { HoldDisposal } from './hold-disposal.ts';
import type { OrderDisposal } from './order-disposal.ts';
import type { RequestDisposal } from './request-disposal.ts';
import type { ShowDisposal } from './show-disposal.ts';
import type { StopDisposal } from './stop-disposal.ts';

/** 50,000 record ids in JSON, and what comes with them. */
const MAX_BATCH_BYTES = 3 * 1024 * 1024;

const TenantId = z.string().refine(isTenantId);
const Uuid = z.string().refine(isUuid);
const Evidence = { ...PersonEvidence, request: z.string().max(2048) };
const RequestBody = z.strictObject({
  ...Evidence,
  disposalId: Uuid,
  tenantId: TenantId,
  caseId: z.string().refine(isCaseId),
  recordIds: z.array(Uuid).min(1).max(MAX_BATCH_RECORDS),
});
const ActBody = z.strictObject({ ...Evidence, tenantId: TenantId });
const OrderBody = z.strictObject({ tenantId: TenantId });

export type DisposalUseCases = {
  requestDisposal: RequestDisposal;
  approveDisposal: ApproveDisposal;
  holdDisposal: HoldDisposal;
  orderDisposal: OrderDisposal;
  stopDisposal: StopDisposal;
  showDisposal: ShowDisposal;
};

/** Disposals as the disposal service drives them. Every act of a person comes with that person's evidence. */
export function disposalRoutes(deps: DisposalUseCases): Router {
  const router = Router();
  const body = jsonBody({ maxBytes: MAX_BATCH_BYTES });
  router.post('/internal/disposals', body, async (req, res) => {
    const { token, certificate, request, ...asked } = wellFormed(RequestBody, req.body);
    const evidence = { token, certificate, request };
    const requesting = deps.requestDisposal({ ...asked, evidence });
    const answer = await answerWithin(deadlineOf(asked.recordIds.length), requesting);
    const { created, ...facts } = answer;
    res.status(created ? 201 : 200).json({ disposalId: asked.disposalId, ...facts });
  });
  router.post('/internal/disposals/:id/approvals', jsonBody(), async (req, res) => {
    const { tenantId, ...evidence } = wellFormed(ActBody, req.body);
    res.json(await acted(deps.approveDisposal(namedBy(req, tenantId), evidence)));
  });
  router.post('/internal/disposals/:id/holds', jsonBody(), async (req, res) => {
    const { tenantId, ...evidence } = wellFormed(ActBody, req.body);
    res.json(await acted(deps.holdDisposal(namedBy(req, tenantId), evidence)));
  });
  router.post('/internal/disposals/:id/order', jsonBody(), async (req, res) => {
    const { tenantId } = wellFormed(OrderBody, req.body);
    res.status(202).json(await acted(deps.orderDisposal(namedBy(req, tenantId))));
  });
  router.post('/internal/disposals/:id/stop', jsonBody(), async (req, res) => {
    const { tenantId } = wellFormed(OrderBody, req.body);
    res.json(await acted(deps.stopDisposal(namedBy(req, tenantId))));
  });
  router.get('/internal/disposals/:id', async (req, res) => {
    res.json(await acted(deps.showDisposal(namedBy(req, req.query['tenantId']))));
  });
  return router;
}

/** Freezing 50,000 records takes as long as a chunk. */
function acted<T>(work: Promise<T>): Promise<T> {
  return answerWithin(deadlineOf(MAX_BATCH_RECORDS), work);
}

/** The disposal a path names. Throws Refusal `not-found`, `invalid-request`. */
export function namedBy(req: Request, tenantId: unknown): NamedDisposal {
  const disposalId = req.params['id'];
  if (typeof disposalId !== 'string' || !isUuid(disposalId))
    throw new Refusal('not-found', 'The tenant has no such disposal.');
  return { tenantId: wellFormed(TenantId, tenantId), disposalId };
}

function wellFormed<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new Refusal('invalid-request', 'The call is not well-formed.');
  return parsed.data;
}
