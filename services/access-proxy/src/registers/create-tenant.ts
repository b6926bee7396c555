import { Refusal } from '@mnv/core';
import type { Caller } from '@mnv/service-kit';
import type { RegisteredTenant } from '../log/tenant.repository.ts';
import { newLog } from '../log/open-log.ts';

export type CreateTenantDependencies = {
  deployment: string;
  insertTenant(tenant: RegisteredTenant, createdBy: string): Promise<RegisteredTenant>;
  createInVault(caller: Caller, tenant: { tenantId: string; logOrigin: string }): Promise<void>;
};

/**
 * Registers a tenant with a log of its own, then has the vault pin it to that log. Both steps may be repeated:
 * after a crash in between, creating the tenant again finishes it with the log it has.
 * @throws Refusal `tenant-exists`
 */
export function makeCreateTenant(deps: CreateTenantDependencies) {
  return async (
    caller: Caller,
    { tenantId, name }: { tenantId: string; name: string },
  ): Promise<RegisteredTenant> => {
    const wanted = { tenantId, name, ...newLog(deps.deployment) };
    const tenant = await deps.insertTenant(wanted, caller.token.subject);
    if (tenant.name !== name)
      throw new Refusal('tenant-exists', 'The tenant is registered under another name.');
    await deps.createInVault(caller, { tenantId, logOrigin: tenant.origin });
    return tenant;
  };
}
