import type { Kysely } from 'kysely';
import type { SeenControlCheckpoint } from '@mnv/service-kit';
import type { DisposalDatabase } from '../database.ts';

export async function findNewestSeen(
  db: Kysely<DisposalDatabase>,
): Promise<SeenControlCheckpoint | undefined> {
  const row = await db
    .selectFrom('seen_control_checkpoint')
    .select(['size', 'root', 'note'])
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { size: Number(row.size), root: row.root, note: row.note };
}

/** Keeps what was seen; another instance may have seen it as well. */
export async function keepSeen(
  db: Kysely<DisposalDatabase>,
  { size, root, note }: SeenControlCheckpoint,
): Promise<void> {
  await db
    .insertInto('seen_control_checkpoint')
    .values({ size, root: Buffer.from(root), note })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
