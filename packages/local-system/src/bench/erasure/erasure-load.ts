import { createPool } from '@mnv/service-kit';
import { timed } from '../load/timed.ts';
import { serveJobs } from '../worker.ts';
import { rewrapAllEraser } from './baseline-rewrap-all.ts';
import { epochEraser } from './epoch-eraser.ts';
import type { Eraser, EraserName, ErasureAnswer, ErasureJob } from './erasure-job.ts';

// The process that erases. Its arguments are the addresses of the key tree's database and of the baselines'.
const [, , treeDsn = '', baselineDsn = ''] = process.argv;

const baselines = createPool({
  setting: 'the address of the baseline database',
  connectionString: baselineDsn,
  max: 4,
  applicationName: 'bench',
});

const erasers: Record<EraserName, Eraser> = {
  epoch: epochEraser(treeDsn),
  'rewrap-all': rewrapAllEraser(baselines),
};

serveJobs((job: ErasureJob): Promise<ErasureAnswer> => {
  if (job.kind === 'erase') return erasers[job.who].erase(job.tenant, job.records);
  return timed(job.records, async () => {
    for (const tenant of job.tenants) {
      await Promise.all(job.who.map((one) => erasers[one].fill(tenant, job.records)));
    }
  });
});
