import type { Kysely, Transaction } from 'kysely';
import type { VaultDatabase } from './database.ts';

/** The tenant whose numbers a log releases. */
export async function findTenantOfLog(
  db: Kysely<VaultDatabase>,
  origin: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('tenant')
    .select('tenant_id')
    .where('log_origin', '=', origin)
    .executeTakeFirst();
  return row?.tenant_id;
}

export async function findLogOfTenant(
  db: Transaction<VaultDatabase>,
  tenantId: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('tenant')
    .select('log_origin')
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
  return row?.log_origin;
}

/** Pins a tenant to its log, unless one of the two is pinned already: what is pinned stays. */
export async function insertTenant(
  db: Transaction<VaultDatabase>,
  { tenantId, logOrigin, createdBy }: { tenantId: string; logOrigin: string; createdBy: string },
): Promise<void> {
  await db
    .insertInto('tenant')
    .values({ tenant_id: tenantId, log_origin: logOrigin, created_by: createdBy })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The tenants in their order, from this one on. */
export async function tenantsFrom(db: Kysely<VaultDatabase>, tenantId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('tenant')
    .select('tenant_id')
    .where('tenant_id', '>=', tenantId)
    .orderBy('tenant_id')
    .execute();
  return rows.map((row) => row.tenant_id);
}
