import type { PathSource } from './node-opener.ts';
import type { TenantTree } from './place.ts';
import type { TreeStore } from './tree-store.ts';

/** No key tree was made for this tenant. */
export class UnknownTenantError extends Error {
  override readonly name = 'UnknownTenantError';

  constructor() {
    super('the tenant has no key tree');
  }
}

export type TenantTrees<Tx> = {
  require(tenantId: string, how: { source: PathSource; tx?: Tx | undefined }): Promise<TenantTree>;
};

/** Ordinals never change and heights only grow, so a cached tree can mislead a path but never a write. */
export function tenantTrees<Tx>(store: TreeStore<Tx>): TenantTrees<Tx> {
  const known = new Map<string, TenantTree>();
  return {
    async require(tenantId, { source, tx }) {
      const cached = source === 'cached' ? known.get(tenantId) : undefined;
      if (cached) return cached;
      const tenant = await store.findTenant(tenantId, tx);
      if (tenant === undefined) throw new UnknownTenantError();
      known.set(tenantId, tenant);
      return tenant;
    },
  };
}
