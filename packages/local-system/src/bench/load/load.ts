import { readFileSync } from 'node:fs';
import type { Endpoints } from '../../system/endpoints.ts';
import type { Timed } from '../measurement.ts';
import { serveJobs } from '../worker.ts';
import { discloseInBatches } from './disclose-in-batches.ts';
import { discloseSingly } from './disclose-singly.ts';
import { importRecords } from './import-records.ts';
import type { LoadAnswer, LoadJob } from './load-job.ts';
import { makeRequester } from './requester.ts';

// The load generator, a process of its own. Its argument is the endpoints file of the system under load.
const [, , endpointsFile = ''] = process.argv;
const requester = makeRequester(JSON.parse(readFileSync(endpointsFile, 'utf8')) as Endpoints);
const recordIds: string[] = [];

async function perform({ target, work, items }: Exclude<LoadJob, string>): Promise<Timed> {
  switch (work.kind) {
    case 'singles':
      return discloseSingly(requester, recordIds, { target, clients: work.clients, items });
    case 'batch':
      return discloseInBatches(requester, recordIds, { target, items });
    case 'import': {
      const imported = await importRecords(requester, { target, items });
      // Only records of the system are disclosed later; the baselines get rows under the same ids.
      if (target.signed) for (const id of imported.recordIds) recordIds.push(id);
      return imported.timed;
    }
  }
}

serveJobs(
  async (job: LoadJob): Promise<LoadAnswer> =>
    job === 'record-ids' ? { recordIds } : { timed: await perform(job) },
);
