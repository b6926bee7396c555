import { Refusal, isTenantId } from '@mnv/core';

export type CreateTenantDependencies = {
  insertTenant(tenant: { tenantId: string; logOrigin: string; createdBy: string }): Promise<void>;
  findLogOfTenant(tenantId: string): Promise<string | undefined>;
  addTenantToTree(tenantId: string): Promise<void>;
  /** Whether the trust policy has a key for a log of this origin. */
  isTrustedOrigin(origin: string): boolean;
};

export type CreateTenant = (tenant: {
  tenantId: string;
  logOrigin: string;
  createdBy: string;
}) => Promise<void>;

/**
 * Makes a tenant and pins it to the one log that releases its numbers: a proxy cannot later show entries of
 * another log for it. Repeating it changes nothing; another log is refused.
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
    await deps.insertTenant(tenant);
    if ((await deps.findLogOfTenant(tenant.tenantId)) !== tenant.logOrigin) {
      throw new Refusal('tenant-exists', 'The tenant is pinned to another log.');
    }
    await deps.addTenantToTree(tenant.tenantId);
  };
}
