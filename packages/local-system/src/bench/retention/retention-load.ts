import { randomUUID } from 'node:crypto';
import type { Law } from '@mnv/bango-ho';
import { LAW, LAW_DATA, loadLaw } from '@mnv/bango-ho';
import { createKysely, createPool } from '@mnv/service-kit';
import { openPatientPool } from '../../../../../services/disposal/src/open-patient-pool.ts';
import { simulateLaw } from '../../../../../services/disposal/src/retention/law/simulate-law.ts';
import type { Acting } from '../../../../../services/disposal/src/retention/retention-act.ts';
import { retentionStore } from '../../../../../services/disposal/src/retention/retention-store.ts';
import { serveJobs } from '../worker.ts';
import { askForAll, fillRetention } from './fill-retention.ts';
import type { RetentionAnswer, RetentionJob } from './retention-job.ts';

// The process that computes lives, as the disposal service does. Its arguments are the addresses of a
// database for the service's role and for the superuser.
const [, , connectionString = '', adminDsn = ''] = process.argv;
const CONNECTIONS = 8;
const TODAY = '2026-11-25';

const place = { setting: 'the address of the retention database', connectionString };
const pool = createPool({ ...place, max: CONNECTIONS, applicationName: 'bench' });
const patient = openPatientPool(place);
const db = createKysely<object>(pool);
const store = retentionStore({ db, patient: createKysely<object>(patient) }, () => TODAY);

serveJobs(async (job: RetentionJob): Promise<RetentionAnswer> => {
  switch (job.kind) {
    case 'fill':
      return timed(async () => {
        await fillRetention(adminDsn, job.tenant, job.records);
        return job.records;
      });
    case 'scratch':
      await askForAll(adminDsn, job.tenant);
      return timed(() => store.jobs.computeLives(job.tenant));
    case 'day':
      await tellTransfers(job);
      return timed(() => store.jobs.computeLives(job.tenant));
    case 'dry-run':
      return timed(() => dryRun(job));
    case 'simulate':
      return simulate(job);
  }
});

async function dryRun({ tenant, until }: { tenant: string; until: string }): Promise<number> {
  const asked = { kind: 'due', until } as const;
  const { summary } = await store.due.makeDryRun(actingFor(tenant), randomUUID(), asked);
  return summary.records;
}

async function simulate({ tenant }: { tenant: string }): Promise<RetentionAnswer> {
  let progress = 0;
  const law = longerBook();
  const answer = await timed(async () => {
    for await (const line of simulateLaw(store.law.simulationOf(tenant), {
      law,
      current: LAW,
      today: TODAY,
    })) {
      if ('simulation' in line) return line.simulation.records;
      progress += 1;
    }
    throw new Error('a simulation without a result');
  });
  return { ...answer, progress };
}

function longerBook(): Law {
  const retentionRules = LAW_DATA.retentionRules.map((row) =>
    row.code === LAW_DATA.book.rule
      ? { ...row, period: { unit: 'years', count: 10 } as const }
      : row,
  );
  return loadLaw({ ...LAW_DATA, version: '2026-12-01', retentionRules });
}

/** So many people move within the company. */
async function tellTransfers({ tenant, changes }: { tenant: string; changes: number }) {
  const told = Array.from({ length: changes }, (_, at) => ({
    id: randomUUID(),
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
