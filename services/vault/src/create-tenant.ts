import { Refusal, isTenantId } from '@mnv/core';

export type NewTenant = { tenantId: string; logOrigin: string; createdBy: string };

export type CreateTenantDependencies = {
  /** Whether the trust policy has a key for a log of this origin. */
  isTrustedOrigin(origin: string): boolean;
  /** Tenant, pin and key tree are durable together or not at all. */
  transaction(work: (steps: CreateTenantSteps) => Promise<void>): Promise<void>;
};

export type CreateTenantSteps = {
  insertTenant(tenant: NewTenant): Promise<void>;
  findLogOfTenant(tenantId: string): Promise<string | undefined>;
  addTenantToTree(tenantId: string): Promise<void>;
};

export type CreateTenant = (tenant: NewTenant) => Promise<void>;

/**
 * Makes a tenant and pins it to the one log that releases its numbers: a proxy cannot later show entries of
 * another log for it. Repeating it changes nothing; another log, or another tenant's log, is refused.
 * @throws Refusal `invalid-request`, `tenant-exists`
 */
export function makeCreateTenant(deps: CreateTenantDependencies): CreateTenant {
  return async (tenant) => {
    if (!isTenantId(tenant.tenantId) || !deps.isTrustedOrigin(tenant.logOrigin)) {
      throw new Refusal(
        'invalid-request',
        'Send a tenant id and the origin of a log the trust policy knows.',
      );
    }
    await deps.transaction(async (steps) => {
      await steps.insertTenant(tenant);
      if ((await steps.findLogOfTenant(tenant.tenantId)) !== tenant.logOrigin)
        throw new Refusal('tenant-exists', 'The tenant or the log is pinned otherwise.');
      await steps.addTenantToTree(tenant.tenantId);
    });
  };
}
