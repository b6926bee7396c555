import type { Kysely } from 'kysely';
import type { SeenHead } from './checkpoint-memory.ts';
import type { VaultDatabase } from './database.ts';

/** The newest checkpoint of a log that any instance has accepted. */
export async function findNewestSeen(
  db: Kysely<VaultDatabase>,
  origin: string,
): Promise<SeenHead | undefined> {
  const row = await db
    .selectFrom('seen_checkpoint')
    .select(['size', 'root'])
    .where('log_id', '=', origin)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { size: Number(row.size), root: row.root };
}
