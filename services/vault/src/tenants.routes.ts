import { Router } from 'express';
import { z } from 'zod';
import { OPERATOR_TENANT, Refusal } from '@mnv/core';
import { jsonBody } from '@mnv/service-kit';
import { answerWithin, deadlineOf } from './answer-within.ts';
import type { CreateTenant } from './create-tenant.ts';
import type { RequireRight } from './person.ts';
import { PersonEvidence } from './person.ts';

const TenantBody = z.strictObject({
  ...PersonEvidence,
  tenantId: z.string().max(40),
  logOrigin: z.string().max(300),
});

/** Making a tenant: an act of an administrator of the operator company. For the access proxy only. */
export function tenantRoutes(deps: {
  requireRight: RequireRight;
  createTenant: CreateTenant;
}): Router {
  return Router().post('/internal/tenants', jsonBody(), async (req, res) => {
    const parsed = TenantBody.safeParse(req.body);
    if (!parsed.success) throw new Refusal('invalid-request', 'The call is not well-formed.');
    const { tenantId, logOrigin, ...evidence } = parsed.data;
    const token = await deps.requireRight(evidence, { scope: 'admin', tenantId: OPERATOR_TENANT });
    const creating = deps.createTenant({ tenantId, logOrigin, createdBy: token.subject });
    await answerWithin(deadlineOf(1), creating);
    res.status(201).json({ tenantId, logOrigin });
  });
}
