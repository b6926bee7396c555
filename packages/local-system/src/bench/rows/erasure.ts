import { rootTargets } from '../erasure/root-targets.ts';
import { createTreeDatabase } from '../erasure/tree-database.ts';
import type { EraserName, ErasureAnswer, ErasureJob } from '../erasure/erasure-job.ts';
import type { BenchOrder } from '../bench-order.ts';
import type { BenchRow } from '../measurement.ts';
import { atMost } from '../measurement.ts';
import { median, rangeOf } from '../statistics.ts';
import { type Worker, startWorker } from '../worker.ts';
import { benchLargeErasure } from './erasure-large.ts';

const LOAD = new URL('../erasure/erasure-load.ts', import.meta.url).pathname;
const REWRAP_ALL = 're-wrapping every record key of the tenant';
const TENANTS = ['erasing-some', 'erasing-all'] as const;

type ErasureWorker = Worker<ErasureJob, ErasureAnswer>;

type Erasing = {
  metric: string;
  tenant: (typeof TENANTS)[number];
  records: number;
  rounds: number;
  /** Seconds promised at 400,000 records. */
  bound: number;
};

/** Seconds of work to erase records of a tenant of 400,000, from the map before to the flip. */
export async function benchErasure(order: BenchOrder): Promise<BenchRow[]> {
  const world = await order.world();
  const { erasable } = order.sizes;
  const { serviceDsn } = await createTreeDatabase(world.system.endpoints);
  const parameters = [serviceDsn, world.databases.baselineDsn];
  const worker: ErasureWorker = startWorker(LOAD, parameters);
  try {
    order.say(`erasure: two tenants of ${erasable} records`);
    const who = ['epoch', 'rewrap-all'] as const;
    await worker.ask({ kind: 'fill', who, tenants: TENANTS, records: erasable });
    const rows: BenchRow[] = [];
    for (const erasing of erasings(order)) rows.push(await measure(worker, order, erasing));
    if (!order.large) return rows;
    return [...rows, ...(await benchLargeErasure(worker, order, { smallTenant: TENANTS[0] }))];
  } finally {
    await worker.stop();
  }
}

/** What is erased is gone: a row that erases much takes few turns, and all are erased once. */
function erasings({ sizes: { erasable, rounds } }: BenchOrder): Erasing[] {
  const some = { tenant: 'erasing-some', rounds } as const;
  return [
    { metric: 'one', records: 1, bound: 0.15, ...some },
    { metric: 'thousand', records: Math.min(1000, erasable / 10), bound: 2, ...some },
    { metric: 'five-percent', records: erasable / 20, bound: 8, ...some, rounds: 1 },
    { metric: 'all', records: erasable, bound: 10, tenant: 'erasing-all', rounds: 1 },
  ];
}

async function measure(
  worker: ErasureWorker,
  order: BenchOrder,
  { metric, tenant, records, rounds, bound }: Erasing,
): Promise<BenchRow> {
  order.say(`erasure ${metric}`);
  const erase = async (who: EraserName, times: number) => {
    const answers: ErasureAnswer[] = [];
    for (let round = 0; round < times; round += 1)
      answers.push(await worker.ask({ kind: 'erase', who, tenant, records }));
    return answers;
  };
  const epochs = await erase('epoch', rounds);
  // Re-wrapping costs the same whatever is erased, unless nothing is left.
  const rewrapped = metric === 'all' ? [] : await erase('rewrap-all', 1);
  const seconds = epochs.map((one) => one.seconds);
  const value = median(seconds);
  const compared = rewrapped.map(({ seconds: baseline }) => ({
    against: REWRAP_ALL,
    baseline,
    ratio: value / baseline,
    ratioRange: rangeOf(seconds.map((one) => one / baseline)),
  }));
  const targets = [atMost('seconds', value, bound), ...rootTargets(epochs)];
  const n = order.sizes.erasable;
  const valueRange = rangeOf(seconds);
  return { bench: 'erasure', metric, n, value, unit: 's', valueRange, compared, targets };
}
