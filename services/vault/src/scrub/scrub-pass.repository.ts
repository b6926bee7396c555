import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { VaultDatabase } from '../database.ts';

/** Where a pass goes on: behind this position of this tenant. */
export type Cursor = { tenantId: string; position: number };

/** One time that all living records are opened. Times in ms. */
export type ScrubPass = {
  pass: number;
  startedAt: number;
  finishedAt: number | undefined;
  /** Living records when it began. */
  expected: number;
  cursor: Cursor;
  opened: number;
  damaged: number;
};

export async function findNewestPass(db: Kysely<VaultDatabase>): Promise<ScrubPass | undefined> {
  const row = await db
    .selectFrom('scrub_pass')
    .selectAll()
    .orderBy('pass', 'desc')
    .limit(1)
    .executeTakeFirst();
  return (
    row && {
      pass: row.pass,
      startedAt: row.started_at.getTime(),
      finishedAt: row.finished_at?.getTime(),
      expected: Number(row.expected),
      cursor: { tenantId: row.tenant_id, position: Number(row.position) },
      opened: Number(row.opened),
      damaged: Number(row.damaged),
    }
  );
}

/** The newest pass that was finished, of those kept. */
export async function findLastFinished(db: Kysely<VaultDatabase>): Promise<number | undefined> {
  const row = await db
    .selectFrom('scrub_pass')
    .select(sql<Date | null>`max(finished_at)`.as('at'))
    .executeTakeFirst();
  return row?.at?.getTime();
}

/** Begins a pass, unless somebody did. */
export async function insertPass(
  db: Kysely<VaultDatabase>,
  begun: { pass: number; startedAt: number; expected: number },
): Promise<void> {
  const { pass, startedAt, expected } = begun;
  await db
    .insertInto('scrub_pass')
    .values({ pass, started_at: new Date(startedAt), expected })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function savePass(db: Kysely<VaultDatabase>, pass: ScrubPass): Promise<void> {
  await db
    .updateTable('scrub_pass')
    .set({
      finished_at: pass.finishedAt === undefined ? null : new Date(pass.finishedAt),
      tenant_id: pass.cursor.tenantId,
      position: pass.cursor.position,
      opened: pass.opened,
      damaged: pass.damaged,
    })
    .where('pass', '=', pass.pass)
    .execute();
}
