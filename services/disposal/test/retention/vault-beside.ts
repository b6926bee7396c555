import { tellOfAll, tellOfTenant } from '../../src/retention/holds/tell-vault.ts';
import type { retentionStore } from '../../src/retention/retention-store.ts';

/** A vault that hears of legal holds, unless it answers another status than 200. */
export function vaultBeside(store: ReturnType<typeof retentionStore>) {
  const hears = { status: 200, bodies: [] as object[] };
  const json = (_path: string, body: unknown) => {
    if (hears.status === 200) hears.bodies.push(body as object);
    return Promise.resolve({ status: hears.status, body: {} });
  };
  const telling = {
    vault: { json },
    listTenants: store.jobs.listTenants,
    holdsToTell: store.holds.holdsToTell,
  };
  return {
    hears,
    tellVault: (tenantId: string) => tellOfTenant(telling, tenantId).catch(() => false),
    tellOfAll: () => tellOfAll(telling),
  };
}
