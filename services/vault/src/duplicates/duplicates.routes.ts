import { Router } from 'express';
import { z } from 'zod';
import { Refusal, isTenantId, isUuid } from '@mnv/core';
import { jsonBody } from '@mnv/service-kit';
import type { RequireRight } from '../person.ts';
import { PersonEvidence } from '../person.ts';
import type { SetProgress } from './tenant-sets.ts';

const ANSWER_WITHIN_MS = 500;

const Body = z.strictObject({
  ...PersonEvidence,
  tenantId: z.string().refine(isTenantId),
  rid: z.string().refine(isUuid),
});

export type DuplicateRouteDependencies = {
  requireRight: RequireRight;
  /** Begins to build the tenant's set when it is not there. */
  openSet(tenantId: string): SetProgress;
  whenBuilt(tenantId: string, withinMs: number): Promise<void>;
};

/** What is known of numbers that a tenant holds for several people. For the access proxy only. */
export function duplicateRoutes(deps: DuplicateRouteDependencies): Router {
  const router = Router();
  router.post('/internal/duplicate-check', jsonBody(), async (req, res) => {
    const { tenantId, ...evidence } = wellFormed(req.body);
    await deps.requireRight(evidence, { scope: 'number:write', tenantId });
    deps.openSet(tenantId);
    // Whoever follows the progress need not ask more often than that.
    await deps.whenBuilt(tenantId, ANSWER_WITHIN_MS);
    const { state, opened, of } = deps.openSet(tenantId);
    res.json({ state, opened, of });
  });
  return router;
}

function wellFormed(body: unknown): z.infer<typeof Body> {
  const parsed = Body.safeParse(body);
  if (!parsed.success) throw new Refusal('invalid-request', 'The call is not well-formed.');
  return parsed.data;
}
