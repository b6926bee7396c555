import { type Kysely, sql } from 'kysely';
import type { VaultDatabase } from '../database.ts';
import type { OutsideMemory, RememberedHead } from './outside-memory.ts';

/** The clock of the database, which is one for all instances. */
export async function databaseTime(db: Kysely<VaultDatabase>): Promise<Date> {
  const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(db);
  return (rows[0] as { now: Date }).now;
}

/** Keeps the last word of a source; one that was said before the last is dropped. */
export async function keepMemories(
  db: Kysely<VaultDatabase>,
  heads: readonly RememberedHead[],
): Promise<void> {
  for (const { source, size, root, contradicts, saidAt } of heads) {
    await sql`
      insert into outside_memory as kept (source, size, root, contradicts, said_at)
      values (${source}, ${size}, ${root && Buffer.from(root)}, ${contradicts},
        coalesce(${saidAt}::timestamptz, clock_timestamp()))
      on conflict (source) do update set size = excluded.size, root = excluded.root,
        contradicts = excluded.contradicts, said_at = excluded.said_at
      where excluded.said_at >= kept.said_at`.execute(db);
  }
}

/** What is remembered outside, with the instant at which it was said. */
export async function findMemories(db: Kysely<VaultDatabase>): Promise<OutsideMemory[]> {
  const { rows } = await sql<OutsideMemory & { size: string }>`
    select source, size, root, contradicts, said_at as "saidAt",
      extract(epoch from clock_timestamp() - said_at)::float8 * 1000 as "ageMs"
    from outside_memory order by source`.execute(db);
  return rows.map((row) => ({ ...row, root: row.root ?? undefined, size: Number(row.size) }));
}
