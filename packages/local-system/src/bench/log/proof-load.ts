import { randomInt } from 'node:crypto';
import { inclusionProof, leafHash, verifyInclusion } from '@mnv/transparency-log';
// The stored logs are no export of their service: only this measurement takes them out of that process.
import { storedLogs } from '../../../../../services/access-proxy/src/log/stored-logs.ts';
import { timed } from '../load/timed.ts';
import { oneAfterAnother } from '../one-after-another.ts';
import { serveJobs } from '../worker.ts';
import { openAccessDatabase } from './access-database.ts';
import { fillLog } from './fill-log.ts';
import type { ProofAnswer, ProofJob } from './proof-job.ts';

// The process that proves entries, as the proxy reads them. Its argument is the address of the access database.
const [, , accessDsn = ''] = process.argv;
const CONNECTIONS = 4;

const { pool, db } = openAccessDatabase(accessDsn, CONNECTIONS);
const logs = storedLogs(db);
const filled = new Map<string, { size: number; root: Uint8Array }>();

serveJobs(async (job: ProofJob): Promise<ProofAnswer> => {
  if (job.kind === 'fill') {
    return timed(job.size, async () => {
      const root = await fillLog(pool, job.logId, job.size);
      filled.set(job.logId, { size: job.size, root });
    });
  }
  return oneAfterAnother(job.items, job.kind === 'prove' ? proverOf(job.logId) : rowReader(job));
});

/** Builds a proof as who reads the served tiles gets it; the first is verified down to the entry as it is stored. */
function proverOf(logId: string): () => Promise<void> {
  const { size, root } = headOf(logId);
  const { readNodes } = logs.tileReaderOf(logId);
  let isVerified = false;
  return async () => {
    const index = randomInt(size);
    const proof = await inclusionProof(index, size, readNodes);
    if (isVerified) return;
    const [batch] = await logs.readBatches(logId, { first: index, limit: 1 });
    const entry = batch?.entries[index - batch.start];
    if (!entry || !verifyInclusion({ index, size, root, proof, leafHash: leafHash(entry) }))
      throw new Error('a proof does not hold');
    isVerified = true;
  };
}

function rowReader({ logId }: { logId: string }): () => Promise<void> {
  const { size } = headOf(logId);
  const tiles = Math.max(1, Math.floor(size / 256));
  return async () => {
    await pool.query({
      name: 'read-row',
      text: 'select hashes from log_tile where log_id = $1 and level = 0 and idx = $2',
      values: [logId, randomInt(tiles)],
    });
  };
}

function headOf(logId: string): { size: number; root: Uint8Array } {
  const head = filled.get(logId);
  if (!head) throw new Error('the log was not filled');
  return head;
}
