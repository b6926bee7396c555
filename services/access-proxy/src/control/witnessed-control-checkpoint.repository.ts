import type { Kysely } from 'kysely';
import type { AccessDatabase } from '../database.ts';
import type { CosignedControl } from './keep-cosigned.ts';

/** Keeps a cosigned checkpoint; the first one kept of a size and a number of witnesses stays. */
export async function keepWitnessedControl(
  db: Kysely<AccessDatabase>,
  cosigned: CosignedControl,
): Promise<void> {
  await db
    .insertInto('witnessed_control_checkpoint')
    .values(cosigned)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The largest checkpoint of the control log that so many witnesses or more cosigned, with their cosignatures. */
export async function newestWitnessedControl(
  db: Kysely<AccessDatabase>,
  witnesses: number,
): Promise<string | undefined> {
  const row = await db
    .selectFrom('witnessed_control_checkpoint')
    .select('note')
    .where('witnesses', '>=', witnesses)
    .orderBy('size', 'desc')
    .orderBy('witnesses', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.note;
}
