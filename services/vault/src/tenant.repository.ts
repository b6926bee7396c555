import type { Kysely } from 'kysely';
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
  db: Kysely<VaultDatabase>,
  tenantId: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('tenant')
    .select('log_origin')
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
  return row?.log_origin;
}

/** Pins a tenant to its log. What is pinned stays; the caller compares the answer. */
export async function insertTenant(
  db: Kysely<VaultDatabase>,
  { tenantId, logOrigin, createdBy }: { tenantId: string; logOrigin: string; createdBy: string },
): Promise<void> {
  await db
    .insertInto('tenant')
    .values({ tenant_id: tenantId, log_origin: logOrigin, created_by: createdBy })
    .onConflict((conflict) => conflict.column('tenant_id').doNothing())
    .execute();
}
