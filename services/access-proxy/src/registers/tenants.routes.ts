import { Router } from 'express';
import { z } from 'zod';
import { isTenantId } from '@mnv/core';
import { answer, callerOf, jsonBody } from '@mnv/service-kit';
import type { Caller } from '@mnv/service-kit';
import type { RegisteredTenant } from '../log/tenant.repository.ts';
import type { Administer } from './administer.ts';
import { Name, wellFormed } from './administer.ts';

const TenantBody = z.strictObject({ tenantId: z.string().refine(isTenantId), name: Name });

export type TenantRouteDependencies = {
  administer: Administer;
  createTenant(
    caller: Caller,
    tenant: { tenantId: string; name: string },
  ): Promise<RegisteredTenant>;
  listTenants(): Promise<RegisteredTenant[]>;
};

/** The client companies whose numbers are kept here, each with a log of its own. */
export function tenantRoutes(deps: TenantRouteDependencies): Router {
  const router = Router();
  router.post(
    '/v1/tenants',
    jsonBody(),
    answer(async (req, res) => {
      const help = 'Send {"tenantId":…,"name":…}; a tenant id is [a-z][a-z0-9-]{1,39}.';
      const body = wellFormed(TenantBody, req.body, help);
      await deps.administer(callerOf(res), 'create-tenant');
      return { status: 201, body: shown(await deps.createTenant(callerOf(res), body)) };
    }),
  );
  router.get(
    '/v1/tenants',
    answer(async (_req, res) => {
      await deps.administer(callerOf(res), 'list-tenants');
      return { body: { tenants: (await deps.listTenants()).map((one) => shown(one)) } };
    }),
  );
  return router;
}

function shown({ tenantId, name, origin }: RegisteredTenant) {
  return { tenantId, name, origin };
}
