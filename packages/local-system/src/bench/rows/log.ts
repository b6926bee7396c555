import { randomUUID } from 'node:crypto';
import type { BenchOrder } from '../bench-order.ts';
import type { AppendAnswer, AppendJob, AppenderName } from '../log/append-job.ts';
import type { BenchRow, Target } from '../measurement.ts';
import { atLeast, atMost } from '../measurement.ts';
import type { Outcome } from '../rounds.ts';
import { takeTurns } from '../rounds.ts';
import { type Worker, startWorker } from '../worker.ts';
import { benchProof } from './log-proof.ts';
import { benchVerify } from './log-verify.ts';

const LOAD = new URL('../log/append-load.ts', import.meta.url).pathname;
const AUDIT_ROW = 'one transaction per append, audit rows';
const HASH_CHAIN = 'hash chain per tenant, row lock';

type Appender = Worker<AppendJob, AppendAnswer>;
type Load = Pick<AppendJob, 'callers' | 'atOnce'>;
type Pace = Load & {
  metric: string;
  n: number;
  judge: (outcome: Outcome) => Target[];
};

const PACES: readonly Pace[] = [
  {
    metric: 'single-16',
    callers: 16,
    atOnce: 1,
    n: 16,
    judge: ({ latencyMs }) => [atMost('p50 ms', latencyMs?.p50 ?? Number.NaN, 3)],
  },
  {
    metric: 'single-128',
    callers: 128,
    atOnce: 1,
    n: 128,
    judge: ({ value }) => [atLeast('rate', value, 20_000)],
  },
  {
    metric: 'batch-500',
    callers: 4,
    atOnce: 500,
    n: 500,
    judge: ({ value }) => [atLeast('rate', value, 80_000)],
  },
];

const GROWN = { callers: 128, atOnce: 1 };
const SMALL_LOG = 10_000;

/** Appending entries, proving them from the stored tiles, verifying a log from files; all without HTTP. */
export async function benchLog(order: BenchOrder): Promise<BenchRow[]> {
  const { provenLog, largeLog } = order.sizes;
  const log = { logId: randomUUID(), size: order.large ? largeLog : provenLog };
  const verified = await benchVerify(order);
  const proved = await benchProof(order, log);
  return [...(await benchAppend(order, log.logId)), proved, verified];
}

/** Appending alone and in batches, in the writer's own process; with --large to a large log as well. */
async function benchAppend(order: BenchOrder, largeLogId: string): Promise<BenchRow[]> {
  const { accessDsn, baselineDsn, passwordFile } = (await order.world()).databases;
  const worker: Appender = startWorker(LOAD, [accessDsn, baselineDsn, largeLogId], {
    PGPASSFILE: passwordFile,
  });
  try {
    const rows: BenchRow[] = [];
    for (const pace of PACES) rows.push(await measure(worker, order, pace));
    return order.large ? [...rows, await measureGrown(worker, order)] : rows;
  } finally {
    await worker.stop();
  }
}

async function measure(worker: Appender, order: BenchOrder, pace: Pace): Promise<BenchRow> {
  const { metric, n, judge } = pace;
  order.say(`log ${metric}`);
  const { seconds, rounds } = order.sizes;
  const contestant = async (who: AppenderName, name: string) => {
    const items = await itemsOfTurn(worker, who, { pace, seconds });
    return { name, run: () => worker.ask(jobOf(who, pace, items)) };
  };
  const outcome = await takeTurns(
    [
      await contestant('log-writer', 'system'),
      await contestant('audit-row', AUDIT_ROW),
      await contestant('hash-chain', HASH_CHAIN),
    ],
    rounds,
  );
  return { bench: 'log', metric, n, unit: '1/s', ...outcome, targets: judge(outcome) };
}

/** Whether appending slows down while a log grows: a log of ten million entries beside one of ten thousand. */
async function measureGrown(worker: Appender, order: BenchOrder): Promise<BenchRow> {
  const { seconds, rounds, largeLog } = order.sizes;
  order.say('log grown-128');
  const contestant = async (who: AppenderName, name: string) => {
    const items = await itemsOfTurn(worker, who, { pace: GROWN, seconds });
    return { name, run: () => worker.ask(jobOf(who, GROWN, items)) };
  };
  await worker.ask({ who: 'small-log', callers: 8, atOnce: 500, items: SMALL_LOG });
  const outcome = await takeTurns(
    [await contestant('large-log', 'grown'), await contestant('small-log', 'a small log')],
    rounds,
  );
  const slower = 1 / (outcome.compared[0]?.ratio ?? Number.NaN);
  const targets = [atMost('time of an append, times that of a small log', slower, 1.2)];
  return { bench: 'log', metric: 'grown-128', n: largeLog, unit: '1/s', ...outcome, targets };
}

function jobOf(who: AppenderName, { callers, atOnce }: Load, items: number): AppendJob {
  return { who, callers, atOnce, items };
}

/** Short runs first: they warm up, and show how much fits into a turn. */
async function itemsOfTurn(
  worker: Appender,
  who: AppenderName,
  { pace, seconds }: { pace: Load; seconds: number },
): Promise<number> {
  const few = pace.callers * pace.atOnce * 4;
  await worker.ask(jobOf(who, pace, few));
  const { items, seconds: took } = await worker.ask(jobOf(who, pace, few));
  return Math.ceil((items / took) * seconds);
}
