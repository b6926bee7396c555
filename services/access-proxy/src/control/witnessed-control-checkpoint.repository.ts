import type { Kysely } from 'kysely';
import type { AccessDatabase } from '../database.ts';

/** Keeps a cosigned checkpoint; the first one kept of a size stays. */
export async function keepWitnessedControl(
  db: Kysely<AccessDatabase>,
  { size, note }: { size: number; note: string },
): Promise<void> {
  await db
    .insertInto('witnessed_control_checkpoint')
    .values({ size, note })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The largest checkpoint of the control log that witnesses cosigned, as a note with their cosignatures. */
export async function newestWitnessedControl(
  db: Kysely<AccessDatabase>,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('witnessed_control_checkpoint')
    .select('note')
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.note;
}
