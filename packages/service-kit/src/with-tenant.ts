import { type Kysely, type Transaction, sql } from 'kysely';

/**
 * Runs `work` in a transaction that sees the rows of one tenant only: row security reads `app.tenant`, which
 * ends with the transaction, so that no pooled session carries a tenant on.
 */
export async function withTenant<Database, Result>(
  db: Kysely<Database>,
  tenantId: string,
  work: (trx: Transaction<Database>) => Promise<Result>,
): Promise<Result> {
  return db.transaction().execute(async (trx) => {
    await sql`select set_config('app.tenant', ${tenantId}, true)`.execute(trx);
    return work(trx);
  });
}
