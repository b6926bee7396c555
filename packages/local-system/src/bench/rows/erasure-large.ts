import type { ErasureAnswer, ErasureJob } from '../erasure/erasure-job.ts';
import { rootTargets } from '../erasure/root-targets.ts';
import type { BenchOrder } from '../bench-order.ts';
import type { BenchRow } from '../measurement.ts';
import { atMost } from '../measurement.ts';
import { median, rangeOf } from '../statistics.ts';
import type { Worker } from '../worker.ts';

type ErasureWorker = Worker<ErasureJob, ErasureAnswer>;

const TENANT = 'erasing-large';
const ONE_SECONDS = 0.3;
const FIVE_PERCENT_SECONDS = 150;
/** The work for one may grow so much from 400,000 records to ten million. */
const GROWTH = 1.5;

/**
 * The same with the keys of ten million records, right after they were made, before anything is vacuumed or
 * analysed: one of them beside one of the smaller tenant, then many.
 */
export async function benchLargeErasure(
  worker: ErasureWorker,
  order: BenchOrder,
  { smallTenant }: { smallTenant: string },
): Promise<BenchRow[]> {
  const { largeErasable: records } = order.sizes;
  order.say(`erasure: a tenant of ${records.toLocaleString('en')} records`);
  await worker.ask({ kind: 'fill', who: ['epoch'], tenants: [TENANT], records });
  return [await one(worker, order, smallTenant), await fivePercent(worker, order)];
}

async function one(
  worker: ErasureWorker,
  { sizes, say }: BenchOrder,
  smallTenant: string,
): Promise<BenchRow> {
  say('erasure one-large');
  const erase = (tenant: string) =>
    worker.ask({ kind: 'erase', who: 'epoch', tenant, records: 1 } as const);
  const large: ErasureAnswer[] = [];
  const small: ErasureAnswer[] = [];
  for (let round = 0; round < 2 * sizes.rounds; round += 1) {
    large.push(await erase(TENANT));
    small.push(await erase(smallTenant));
  }
  const seconds = large.map((answer) => answer.seconds);
  const ratios = large.map((answer, round) => answer.seconds / (small[round]?.seconds ?? 0));
  const [value, ratio] = [median(seconds), median(ratios)];
  const baseline = median(small.map((answer) => answer.seconds));
  const against = `one of ${sizes.erasable.toLocaleString('en')}`;
  return {
    bench: 'erasure',
    metric: 'one-large',
    n: sizes.largeErasable,
    value,
    unit: 's',
    valueRange: rangeOf(seconds),
    compared: [{ against, baseline, ratio, ratioRange: rangeOf(ratios) }],
    targets: [
      atMost('seconds', value, ONE_SECONDS),
      atMost('ratio', ratio, GROWTH),
      ...rootTargets(large),
    ],
  };
}

async function fivePercent(worker: ErasureWorker, { sizes, say }: BenchOrder): Promise<BenchRow> {
  say('erasure five-percent-large');
  const n = sizes.largeErasable;
  const job = { kind: 'erase', who: 'epoch', tenant: TENANT, records: n / 20 } as const;
  const answer = await worker.ask(job);
  const { seconds: value } = answer;
  const targets = [atMost('seconds', value, FIVE_PERCENT_SECONDS), ...rootTargets([answer])];
  return { bench: 'erasure', metric: 'five-percent-large', n, value, unit: 's', targets };
}
