import type { BenchOrder } from '../bench-order.ts';
import { createDisposableDatabase } from '../disposable-database.ts';
import type { BenchRow, Compared } from '../measurement.ts';
import { atMost } from '../measurement.ts';
import type { PlainSeconds } from '../retention/baseline-expiry-date.ts';
import { measureExpiryDates } from '../retention/baseline-expiry-date.ts';
import type { RetentionAnswer, RetentionJob } from '../retention/retention-job.ts';
import { type Worker, startWorker } from '../worker.ts';

const LOAD = new URL('../retention/retention-load.ts', import.meta.url).pathname;
const UNTIL = '2026-11-25';
const ONE_DATE = 'one expiry date a record, by SQL';
const MILLION = 1_000_000;
/** Seconds promised for a million records; a smaller tenant has its share. */
const SCRATCH_SECONDS = 60;
const SIMULATE_SECONDS = 90;
const DAY_SECONDS = 2;
/** Of a million people so many have an event on a working day. */
const CHANGES_A_MILLION = 4_000;
const DRY_RUN_RECORDS = 100_000;
const DRY_RUN_SECONDS = 5;

type Asking = {
  worker: Worker<RetentionJob, RetentionAnswer>;
  plain: (tenant: string) => Promise<PlainSeconds>;
  say: BenchOrder['say'];
};

/** Seconds to compute how long numbers live, from scratch and after a day's events, to list and to simulate. */
export async function benchRetention(order: BenchOrder): Promise<BenchRow[]> {
  const { system } = await order.world();
  const database = { kind: 'disposal', name: 'retention' } as const;
  const { serviceDsn, adminDsn } = await createDisposableDatabase(system.endpoints, database);
  const worker = startWorker<RetentionJob, RetentionAnswer>(LOAD, [serviceDsn, adminDsn]);
  const plain = (tenant: string) => measureExpiryDates(adminDsn, { tenant, until: UNTIL });
  try {
    const rows: BenchRow[] = [];
    for (const records of sizesOf(order))
      rows.push(...(await measure({ worker, plain, say: order.say }, records)));
    return rows;
  } finally {
    await worker.stop();
  }
}

function sizesOf({ sizes: { tracked }, large }: BenchOrder): number[] {
  return large ? [...tracked, MILLION] : [...tracked];
}

async function measure({ worker, plain, say }: Asking, records: number): Promise<BenchRow[]> {
  const tenant = `bench-${records}`;
  say(`retention: a tenant of ${records} records`);
  await worker.ask({ kind: 'fill', tenant, records });
  const share = records / MILLION;
  const scratch = await worker.ask({ kind: 'scratch', tenant });
  const changes = Math.ceil(CHANGES_A_MILLION * share);
  const day = await worker.ask({ kind: 'day', tenant, changes });
  const run = await worker.ask({ kind: 'dry-run', tenant, until: UNTIL });
  const simulation = await worker.ask({ kind: 'simulate', tenant });
  const beside = await plain(tenant);
  return [
    rowOf(`scratch-${records}`, scratch, SCRATCH_SECONDS * share, beside.scratch),
    rowOf(`day-${records}`, day, DAY_SECONDS),
    rowOf(`dry-run-${records}`, run, dryRunBound(run.records), beside.list),
    rowOf(`simulate-${records}`, simulation, SIMULATE_SECONDS * share, beside.simulate),
  ];
}

function dryRunBound(records: number): number {
  return (DRY_RUN_SECONDS * records) / DRY_RUN_RECORDS;
}

/** A small tenant takes at least a second: what is the same for any size does not shrink. */
function rowOf(
  metric: string,
  { seconds, records }: RetentionAnswer,
  bound: number,
  beside?: number,
): BenchRow {
  return {
    bench: 'retention',
    metric,
    n: records,
    value: seconds,
    unit: 's',
    compared: beside === undefined ? [] : [comparedWith(seconds, beside)],
    targets: [atMost('seconds', seconds, Math.max(1, bound))],
  };
}

function comparedWith(seconds: number, baseline: number): Compared {
  const ratio = seconds / baseline;
  return { against: ONE_DATE, baseline, ratio, ratioRange: [ratio, ratio] };
}
