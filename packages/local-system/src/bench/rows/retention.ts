import type { BenchOrder } from '../bench-order.ts';
import { createDisposableDatabase } from '../disposable-database.ts';
import type { BenchRow } from '../measurement.ts';
import { atMost } from '../measurement.ts';
import type { RetentionAnswer, RetentionJob } from '../retention/retention-job.ts';
import { type Worker, startWorker } from '../worker.ts';

const LOAD = new URL('../retention/retention-load.ts', import.meta.url).pathname;
const MILLION = 1_000_000;
/** Seconds promised for a million records; a smaller tenant has its share. */
const SCRATCH_SECONDS = 60;
const DAY_SECONDS = 2;
/** Of a million people so many have an event on a working day. */
const CHANGES_A_MILLION = 4_000;
const DRY_RUN_RECORDS = 100_000;
const DRY_RUN_SECONDS = 5;

type Asking = Worker<RetentionJob, RetentionAnswer>;

/** Seconds to compute how long numbers live, from scratch and after a day's events, and to make a dry run. */
export async function benchRetention(order: BenchOrder): Promise<BenchRow[]> {
  const { system } = await order.world();
  const dsn = await createDisposableDatabase(system.endpoints, {
    kind: 'disposal',
    name: 'retention',
  });
  const worker = startWorker<RetentionJob, RetentionAnswer>(LOAD, [dsn]);
  try {
    const rows: BenchRow[] = [];
    const { tracked } = order.sizes;
    const largest = order.large ? MILLION : (tracked.at(-1) ?? 0);
    for (const records of [...tracked.filter((one) => one < largest), largest])
      rows.push(...(await measure(worker, order, { records, dryRun: records === largest })));
    return rows;
  } finally {
    await worker.stop();
  }
}

async function measure(
  worker: Asking,
  { say }: BenchOrder,
  { records, dryRun }: { records: number; dryRun: boolean },
): Promise<BenchRow[]> {
  const tenant = `bench-${records}`;
  say(`retention: a tenant of ${records} records`);
  await worker.ask({ kind: 'fill', tenant, records });
  const share = records / MILLION;
  const scratch = await worker.ask({ kind: 'scratch', tenant, records });
  const changes = Math.ceil(CHANGES_A_MILLION * share);
  const day = await worker.ask({ kind: 'day', tenant, records, changes });
  const rows = [
    rowOf(`scratch-${records}`, scratch, Math.max(1, SCRATCH_SECONDS * share)),
    rowOf(`day-${records}`, day, DAY_SECONDS),
  ];
  if (!dryRun) return rows;
  const run = await worker.ask({ kind: 'dry-run', tenant, records, until: '2026-11-25' });
  const bound = Math.max(1, (DRY_RUN_SECONDS * run.records) / DRY_RUN_RECORDS);
  return [...rows, rowOf('dry-run', run, bound)];
}

function rowOf(metric: string, { seconds, records }: RetentionAnswer, bound: number): BenchRow {
  return {
    bench: 'retention',
    metric,
    n: records,
    value: seconds,
    unit: 's',
    targets: [atMost('seconds', seconds, bound)],
  };
}
