import { randomUUID } from 'node:crypto';
import { createKysely, createPool } from '@mnv/service-kit';
import type { Acting } from '../../../../../services/disposal/src/retention/retention-act.ts';
import { retentionStore } from '../../../../../services/disposal/src/retention/retention-store.ts';
import { serveJobs } from '../worker.ts';
import { askForAll, fillRetention } from './fill-retention.ts';
import type { RetentionAnswer, RetentionJob } from './retention-job.ts';

// The process that computes lives, as the disposal service does. Its argument is the address of a database.
const [, , connectionString = ''] = process.argv;
const TODAY = '2026-11-25';

const pool = createPool({
  setting: 'the address of the retention database',
  connectionString,
  max: 4,
  applicationName: 'bench',
});
const store = retentionStore(createKysely<object>(pool), () => TODAY);

serveJobs(async (job: RetentionJob): Promise<RetentionAnswer> => {
  if (job.kind === 'fill') return timed(async () => fill(job));
  if (job.kind === 'scratch') {
    await askForAll(pool, job.tenant);
    return timed(() => store.jobs.computeLives(job.tenant));
  }
  if (job.kind === 'day') {
    await tellLeavings(job);
    return timed(() => store.jobs.computeLives(job.tenant));
  }
  return timed(async () => {
    const asked = { kind: 'due', until: job.until } as const;
    const { summary } = await store.due.makeDryRun(actingFor(job.tenant), randomUUID(), asked);
    return summary.records;
  });
});

async function fill({ tenant, records }: { tenant: string; records: number }): Promise<number> {
  await fillRetention(pool, tenant, records);
  await pool.query('analyze');
  return records;
}

/** So many people leave a day later than was told. */
async function tellLeavings({ tenant, changes }: { tenant: string; changes: number }) {
  const told = Array.from({ length: changes }, (_, at) => ({
    id: `${randomUUID()}`,
    whose: { individualRef: `p${at + 1}`, subject: 'E' as const },
    kind: 'fact' as const,
    fact: { kind: 'transferred' as const, on: '2026-11-24' },
  }));
  for (let from = 0; from < told.length; from += 500)
    await store.tellEvents(actingFor(tenant), told.slice(from, from + 500));
}

function actingFor(tenantId: string): Acting {
  return { tenantId, person: 'bench bench', caller: {} as Acting['caller'] };
}

async function timed(work: () => Promise<number>): Promise<RetentionAnswer> {
  const begun = performance.now();
  const records = await work();
  return { seconds: (performance.now() - begun) / 1000, records };
}
