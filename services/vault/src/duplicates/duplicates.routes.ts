import { Router } from 'express';
import { z } from 'zod';
import { Refusal, isTenantId, isUuid } from '@mnv/core';
import { jsonBody } from '@mnv/service-kit';
import { answerWithin, deadlineOf } from '../answer-within.ts';
import type { RequireRight } from '../person.ts';
import { PersonEvidence } from '../person.ts';
import type { DuplicateRecord, DuplicatesPage } from './duplicate-record.repository.ts';
import type { SetProgress } from './tenant-sets.ts';

const ANSWER_WITHIN_MS = 500;

const MAX_PAGE = 1_000;

const Uuid = z.string().refine(isUuid);
const Body = z.strictObject({
  ...PersonEvidence,
  tenantId: z.string().refine(isTenantId),
  rid: Uuid,
});
const ListBody = Body.extend({
  after: z.strictObject({ holders: Uuid, recordId: Uuid }).optional(),
  limit: z.int().min(1).max(MAX_PAGE),
});

export type DuplicateRouteDependencies = {
  requireRight: RequireRight;
  /** Begins to build the tenant's set when it is not there. */
  openSet(tenantId: string): SetProgress;
  whenBuilt(tenantId: string, withinMs: number): Promise<void>;
  readDuplicates(
    tenantId: string,
    page: { after: DuplicateRecord | undefined; limit: number },
  ): Promise<DuplicatesPage>;
};

/** What is known of numbers that a tenant holds for several people. For the access proxy only. */
export function duplicateRoutes(deps: DuplicateRouteDependencies): Router {
  const router = Router();
  router.post('/internal/duplicate-check', jsonBody(), async (req, res) => {
    const { tenantId, ...evidence } = wellFormed(Body, req.body);
    await deps.requireRight(evidence, { scope: 'number:write', tenantId });
    deps.openSet(tenantId);
    // Whoever follows the progress need not ask more often than that.
    await deps.whenBuilt(tenantId, ANSWER_WITHIN_MS);
    const { state, opened, of } = deps.openSet(tenantId);
    res.json({ state, opened, of });
  });
  router.post('/internal/duplicates', jsonBody(), async (req, res) => {
    const { tenantId, after, limit, ...evidence } = wellFormed(ListBody, req.body);
    await deps.requireRight(evidence, { scope: 'record:read', tenantId });
    const reading = deps.readDuplicates(tenantId, { after, limit });
    const { comparedBefore, ...page } = await answerWithin(deadlineOf(1), reading);
    res.json({ ...page, ...(comparedBefore && { comparedBefore: comparedBefore.toISOString() }) });
  });
  return router;
}

function wellFormed<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new Refusal('invalid-request', 'The call is not well-formed.');
  return parsed.data;
}
