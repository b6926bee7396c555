import { sql } from 'kysely';
import type { RetentionDatabase, RetentionTransaction } from './database.ts';

/** Every tenant of which anything is known. */
export async function listTenants(db: RetentionDatabase): Promise<string[]> {
  const { rows } = await sql<{ tenant_id: string }>`
    select tenant_id from retention_tenant order by tenant_id`.execute(db);
  return rows.map((row) => row.tenant_id);
}

/** Makes a tenant known, of which the feed has not told yet. Its people may decide before anything is stored. */
export async function ensureTenant(trx: RetentionTransaction, tenantId: string): Promise<void> {
  await sql`insert into retention_tenant (tenant_id) values (${tenantId})
    on conflict do nothing`.execute(trx);
}
