import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import type { VaultDatabase } from './database.ts';

export type JobName = 'scrub' | 'duplicate-sweep';

/** Takes a job for this holder, or keeps it, for so long; false while another has it. */
export async function holdJob(
  db: Kysely<VaultDatabase>,
  { job, holder, forMs }: { job: JobName; holder: string; forMs: number },
): Promise<boolean> {
  const taken = await sql`
    insert into job_lease as l (job, holder, held_until)
    values (${job}, ${holder}::uuid, now() + make_interval(secs => ${forMs / 1000}::float8))
    on conflict (job) do update set holder = excluded.holder, held_until = excluded.held_until
      where l.holder = excluded.holder or l.held_until <= now()
    returning l.job`.execute(db);
  return taken.rows.length === 1;
}

/** Gives a job back, so that another holder need not wait; nothing when it is another's. */
export async function releaseJob(
  db: Kysely<VaultDatabase>,
  { job, holder }: { job: JobName; holder: string },
): Promise<void> {
  await db
    .updateTable('job_lease')
    .set({ held_until: sql<Date>`now()` })
    .where('job', '=', job)
    .where('holder', '=', holder)
    .execute();
}
