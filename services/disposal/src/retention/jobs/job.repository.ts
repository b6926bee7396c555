import { sql } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import type { RetentionDatabase } from '../database.ts';
import type { NightlyFacts } from './nightly.ts';

const LEASE_SECONDS = 120;
const RUNS_SHOWN = 100;

/** A run as it is shown. */
export type JobRun = {
  job: string;
  day: LegalDay;
  attempt: number;
  startedAt: string;
  endedAt: string | null;
  /** Null while it runs, or where it was cut off. */
  outcome: 'done' | 'failed' | null;
  missedFrom: LegalDay | null;
};

/** Takes the lease, or keeps it; false while another runner has it. The database's clock decides. */
export async function holdLease(db: RetentionDatabase, runner: string): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into job_lease as l (job, runner, until)
    values ('nightly', ${runner}, now() + make_interval(secs => ${LEASE_SECONDS}))
    on conflict (job) do update set runner = excluded.runner, until = excluded.until
    where l.runner = ${runner} or l.until < now()`.execute(db);
  return numAffectedRows === 1n;
}

/**
 * Writes the beginning of a run; undefined when the day, or a later one, has been done. What a clock set
 * forward did in the future does not count.
 */
export async function beginRun(
  db: RetentionDatabase,
  runner: string,
  day: LegalDay,
): Promise<{ attempt: number } | undefined> {
  const { rows } = await sql<{ attempt: number }>`
    insert into job_run (job, day, attempt, runner, missed_from)
    select 'nightly', ${day}::date,
      coalesce((select max(attempt) from job_run where job = 'nightly' and day = ${day}), 0) + 1, ${runner},
      (select max(day) + 1 from job_run where job = 'nightly' and outcome = 'done' and ended_at <= now()
        having max(day) + 1 < ${day}::date)
    where not exists (select 1 from job_run
      where job = 'nightly' and outcome = 'done' and day = ${day} and ended_at <= now())
    on conflict do nothing returning attempt`.execute(db);
  return rows[0];
}

export async function endRun(
  db: RetentionDatabase,
  { day, attempt }: { day: LegalDay; attempt: number },
  end: { outcome: 'done'; facts: NightlyFacts } | { outcome: 'failed' },
): Promise<void> {
  const facts = end.outcome === 'done' ? end.facts : undefined;
  await sql`
    update job_run set ended_at = now(), outcome = ${end.outcome}, tenants = ${facts?.tenants ?? null},
      lives = ${facts?.lives ?? null}, overdue = ${facts?.overdue ?? null}
    where job = 'nightly' and day = ${day} and attempt = ${attempt}`.execute(db);
}

/** The newest runs. Counts over all tenants are left out: whoever looks belongs to one. */
export async function listRuns(db: RetentionDatabase): Promise<JobRun[]> {
  const { rows } = await sql<{
    job: string;
    day: string;
    attempt: number;
    started_at: Date;
    ended_at: Date | null;
    outcome: JobRun['outcome'];
    missed_from: string | null;
  }>`
    select job, day::text, attempt, started_at, ended_at, outcome, missed_from::text
    from job_run order by started_at desc limit ${RUNS_SHOWN}`.execute(db);
  return rows.map((row) => ({
    job: row.job,
    day: row.day,
    attempt: row.attempt,
    startedAt: row.started_at.toISOString(),
    endedAt: row.ended_at?.toISOString() ?? null,
    outcome: row.outcome,
    missedFrom: row.missed_from,
  }));
}
