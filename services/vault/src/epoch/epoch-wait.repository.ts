import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { VaultDatabase } from '../database.ts';

/**
 * Whether so much time has passed since an epoch was planned, by the database's clock. Its batches were frozen
 * before: reads that began earlier have reached their reader, or found their deadline over.
 */
export async function isDrained(
  db: Kysely<VaultDatabase>,
  { epoch, drainMs }: { epoch: number; drainMs: number },
): Promise<boolean> {
  const { rows } = await sql<{ drained: boolean }>`
    select planned_at + make_interval(secs => ${drainMs / 1000}) <= clock_timestamp() as drained
    from epoch_job where epoch = ${epoch}`.execute(db);
  return rows[0]?.drained === true;
}
