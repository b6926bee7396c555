import { type Kysely, sql } from 'kysely';
import type { VaultDatabase } from '../../database.ts';
import type { WrittenExport } from './export-key-tree.ts';

export type KnownExport = { digest: Buffer; name: string; epoch: number; ageMs: number };

/** Remembers an export that is in every place. */
export async function insertExport(
  db: Kysely<VaultDatabase>,
  { digest, name, epoch, takenAt, bytes }: WrittenExport,
): Promise<void> {
  await db
    .insertInto('key_tree_export')
    .values({ digest, name, epoch, taken_at: new Date(takenAt), bytes })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function markVerified(
  db: Kysely<VaultDatabase>,
  { digest, index }: { digest: Buffer; index: number },
): Promise<void> {
  await db
    .updateTable('key_tree_export')
    .set({ verified_at: sql<Date>`now()`, verified_index: index })
    .where('digest', '=', digest)
    .execute();
}

/** The newest export, or the newest that was verified; undefined when there is none. */
export async function findNewestExport(
  db: Kysely<VaultDatabase>,
  { verified }: { verified: boolean },
): Promise<KnownExport | undefined> {
  const newest = db
    .selectFrom('key_tree_export')
    .select(['digest', 'name', 'epoch'])
    .select(sql<number>`extract(epoch from now() - taken_at)::float8 * 1000`.as('ageMs'))
    .orderBy('epoch', 'desc')
    .orderBy('taken_at', 'desc')
    .limit(1);
  return (verified ? newest.where('verified_at', 'is not', null) : newest).executeTakeFirst();
}
