import type { Kysely } from 'kysely';
import type { AccessDatabase } from '../database.ts';
import type { LogIdentity } from './log-head.ts';

/** A tenant and its log, as registered. */
export type RegisteredTenant = LogIdentity & { tenantId: string; name: string };

export async function findTenant(
  db: Kysely<AccessDatabase>,
  tenantId: string,
): Promise<RegisteredTenant | undefined> {
  return tenants(db).where('tenant_id', '=', tenantId).executeTakeFirst();
}

export async function listTenants(db: Kysely<AccessDatabase>): Promise<RegisteredTenant[]> {
  return tenants(db).orderBy('tenant_id').execute();
}

/** Registers a tenant with its log, or answers what is registered already under its id. */
export async function insertTenant(
  db: Kysely<AccessDatabase>,
  { tenantId, name, logId, origin }: RegisteredTenant,
  createdBy: string,
): Promise<RegisteredTenant> {
  await db
    .insertInto('tenant')
    .values({ tenant_id: tenantId, name, log_id: logId, origin, created_by: createdBy })
    .onConflict((conflict) => conflict.column('tenant_id').doNothing())
    .execute();
  const stored = await findTenant(db, tenantId);
  if (!stored) throw new Error('a tenant was neither stored nor found');
  return stored;
}

function tenants(db: Kysely<AccessDatabase>) {
  return db
    .selectFrom('tenant')
    .select(['tenant_id as tenantId', 'name', 'log_id as logId', 'origin']);
}
