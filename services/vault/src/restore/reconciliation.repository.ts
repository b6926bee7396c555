import type { Kysely } from 'kysely';
import type { VaultDatabase } from '../database.ts';

/** An incident that people have not reconciled yet. */
export async function findDue(
  db: Kysely<VaultDatabase>,
): Promise<{ dueSince: Date; reason: string } | undefined> {
  return db
    .selectFrom('reconciliation')
    .select(['due_since as dueSince', 'reason'])
    .where('done_at', 'is', null)
    .executeTakeFirst();
}

/** Opens an incident, unless one is open. */
export async function openIncident(db: Kysely<VaultDatabase>, reason: string): Promise<void> {
  await db
    .insertInto('reconciliation')
    .values({ reason })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
