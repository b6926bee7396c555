import { createTreeDatabase } from '../erasure/tree-database.ts';
import type { EraserName, ErasureAnswer, ErasureJob } from '../erasure/erasure-job.ts';
import type { BenchOrder } from '../bench-order.ts';
import type { BenchRow } from '../measurement.ts';
import { atMost } from '../measurement.ts';
import { median, rangeOf } from '../statistics.ts';
import { type Worker, startWorker } from '../worker.ts';

const LOAD = new URL('../erasure/erasure-load.ts', import.meta.url).pathname;
const REWRAP_ALL = 're-wrapping every record key of the tenant';
const TENANTS = ['erasing-some', 'erasing-all'] as const;

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
  const treeDsn = await createTreeDatabase(world.system.endpoints);
  const parameters = [treeDsn, world.databases.baselineDsn];
  const worker = startWorker<ErasureJob, ErasureAnswer>(LOAD, parameters);
  try {
    order.say(`erasure: two tenants of ${erasable} records`);
    await worker.ask({ kind: 'fill', tenants: TENANTS, records: erasable });
    const rows: BenchRow[] = [];
    for (const erasing of erasings(order)) rows.push(await measure(worker, order, erasing));
    return rows;
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
  worker: Worker<ErasureJob, ErasureAnswer>,
  order: BenchOrder,
  { metric, tenant, records, rounds, bound }: Erasing,
): Promise<BenchRow> {
  order.say(`erasure ${metric}`);
  const secondsOf = async (who: EraserName, times: number) => {
    const seconds: number[] = [];
    for (let round = 0; round < times; round += 1) {
      seconds.push((await worker.ask({ kind: 'erase', who, tenant, records })).seconds);
    }
    return seconds;
  };
  const epochs = await secondsOf('epoch', rounds);
  // Re-wrapping costs the same whatever is erased, unless nothing is left.
  const rewrapped = metric === 'all' ? [] : await secondsOf('rewrap-all', 1);
  const value = median(epochs);
  const compared = rewrapped.map((baseline) => ({
    against: REWRAP_ALL,
    baseline,
    ratio: value / baseline,
    ratioRange: rangeOf(epochs.map((one) => one / baseline)),
  }));
  const targets = [atMost('seconds', value, bound)];
  const n = order.sizes.erasable;
  return {
    bench: 'erasure',
    metric,
    n,
    value,
    unit: 's',
    valueRange: rangeOf(epochs),
    compared,
    targets,
  };
}
