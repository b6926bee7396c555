import type { BenchOrder } from '../bench-order.ts';
import { createDisposableDatabase } from '../disposable-database.ts';
import { CHUNK_RECORDS } from '../load/load-job.ts';
import type { BenchRow } from '../measurement.ts';
import { atLeast } from '../measurement.ts';
import type { OpeningAnswer, OpeningJob, Spread } from '../opening/opening-job.ts';
import { takeTurns } from '../rounds.ts';
import { type Worker, startWorker } from '../worker.ts';

const LOAD = new URL('../opening/opening-load.ts', import.meta.url).pathname;
const PLAIN_AES = 'AES-256-GCM of node:crypto, all keys at hand';
const SPREADS: readonly Spread[] = ['stored-together', 'scattered'];
const FIRST = 8 * CHUNK_RECORDS;
const BOUND = 25_000;
const SHARE_OF_TURN = 2;

type Opener = Worker<OpeningJob, OpeningAnswer>;

/** Numbers a second that one process opens in batches: leaves read, path to each key opened, number made. */
export async function benchOpen(order: BenchOrder): Promise<BenchRow[]> {
  const { system } = await order.world();
  const database = { kind: 'vault', name: 'opening' } as const;
  const { serviceDsn } = await createDisposableDatabase(system.endpoints, database);
  const worker: Opener = startWorker(LOAD, [serviceDsn]);
  try {
    order.say(`open: a tenant of ${order.sizes.openable} records`);
    await worker.ask({ kind: 'fill', records: order.sizes.openable });
    const rows: BenchRow[] = [];
    for (const spread of SPREADS) rows.push(await measure(worker, order, spread));
    return rows;
  } finally {
    await worker.stop();
  }
}

async function measure(worker: Opener, order: BenchOrder, spread: Spread): Promise<BenchRow> {
  order.say(`open ${spread}`);
  const { rounds, seconds } = order.sizes;
  const contestant = async (
    name: string,
    job: { kind: 'open'; spread: Spread } | { kind: 'plain-aes' },
  ) => {
    await worker.ask({ ...job, items: FIRST });
    const first = await worker.ask({ ...job, items: FIRST });
    const wanted = (first.items / first.seconds) * (seconds / SHARE_OF_TURN);
    const items = Math.max(1, Math.round(wanted / CHUNK_RECORDS)) * CHUNK_RECORDS;
    return { name, run: () => worker.ask({ ...job, items }) };
  };
  const outcome = await takeTurns(
    [
      await contestant('system', { kind: 'open', spread }),
      await contestant(PLAIN_AES, { kind: 'plain-aes' }),
    ],
    rounds,
  );
  const targets = [atLeast('rate', outcome.value, BOUND)];
  return { bench: 'open', metric: spread, n: CHUNK_RECORDS, unit: '1/s', ...outcome, targets };
}
