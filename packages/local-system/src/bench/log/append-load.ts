import { randomUUID } from 'node:crypto';
import { createPool } from '@mnv/service-kit';
import { timed } from '../load/timed.ts';
import { latencyOf } from '../statistics.ts';
import { serveJobs } from '../worker.ts';
import type { Append, AppendAnswer, AppendJob, AppenderName } from './append-job.ts';
import { auditRowAppender } from './baseline-audit-row.ts';
import { hashChainAppender } from './baseline-hash-chain.ts';
import { logWriterAppender } from './log-writer-appender.ts';

// The process that appends. Its arguments are the addresses of the access database and of the baselines', and the
// id of a log that is large already.
const [, , accessDsn = '', baselineDsn = '', largeLogId = ''] = process.argv;
/** More than our writer uses: the baselines commit in groups only over many connections. */
const BASELINE_CONNECTIONS = 32;

const baselines = createPool({
  setting: 'the address of the baseline database',
  connectionString: baselineDsn,
  max: BASELINE_CONNECTIONS,
  applicationName: 'bench',
});

const appenders: Record<AppenderName, Append> = {
  'log-writer': logWriterAppender(accessDsn, randomUUID()),
  'small-log': logWriterAppender(accessDsn, randomUUID()),
  'large-log': logWriterAppender(accessDsn, largeLogId),
  'audit-row': auditRowAppender(baselines),
  'hash-chain': hashChainAppender(baselines),
};

serveJobs(async ({ who, callers, atOnce, items }: AppendJob): Promise<AppendAnswer> => {
  const append = appenders[who];
  const calls = Math.ceil(items / atOnce);
  const latencies = new Float64Array(calls);
  let next = 0;
  const call = async () => {
    for (let at = next++; at < calls; at = next++) {
      const start = performance.now();
      await append(atOnce);
      latencies[at] = performance.now() - start;
    }
  };
  const result = await timed(calls * atOnce, async () => {
    await Promise.all(Array.from({ length: callers }, call));
  });
  return { ...result, latency: latencyOf(latencies) };
});
