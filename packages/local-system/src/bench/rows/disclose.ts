import type { BenchOrder } from '../bench-order.ts';
import { CHUNK_RECORDS } from '../load/load-job.ts';
import type { BenchRow, Target } from '../measurement.ts';
import { atLeast, atMost } from '../measurement.ts';
import type { Outcome } from '../rounds.ts';
import { compareUnderLoad } from '../under-load.ts';
import type { World } from '../world.ts';

const FIRST_SINGLES = 500;
const FIRST_BATCH = 4_000;

/** What was promised of single disclosures, by the number of clients. */
const PROMISED: Record<number, { rate?: number; p50?: number; ratio?: number }> = {
  8: { p50: 15 },
  16: { rate: 1_400, p50: 11 },
  32: { rate: 1_200, ratio: 0.35 },
  64: { rate: 2_200, p50: 30, ratio: 0.5 },
};

/** Single disclosures at several numbers of clients, and disclosures in batches. */
export async function benchDisclose(order: BenchOrder): Promise<BenchRow[]> {
  const world = await order.world();
  await world.ensureRecords(order.sizes.records);
  await world.copyRecords();
  const rows: BenchRow[] = [];
  for (const clients of order.sizes.clients) rows.push(await singles(world, order, clients));
  return [...rows, await batch(world, order)];
}

async function singles(world: World, order: BenchOrder, clients: number): Promise<BenchRow> {
  const metric = `single-${clients}`;
  order.say(`disclose ${metric}`);
  const outcome = await compareUnderLoad(world, order.sizes, {
    work: { kind: 'singles', clients },
    baselines: ['twoHop'],
    firstItems: FIRST_SINGLES,
    chunk: 1,
  });
  const targets = judgeSingles(clients, outcome);
  return { bench: 'disclose', metric, n: clients, unit: '1/s', ...outcome, targets };
}

function judgeSingles(clients: number, { value, latencyMs, compared }: Outcome): Target[] {
  const { rate, p50, ratio } = PROMISED[clients] ?? {};
  return [
    ...(rate === undefined ? [] : [atLeast('rate', value, rate)]),
    ...(p50 === undefined ? [] : [atMost('p50 ms', latencyMs?.p50 ?? Number.NaN, p50)]),
    ...(ratio === undefined ? [] : [atLeast('ratio', compared[0]?.ratio ?? Number.NaN, ratio)]),
  ];
}

async function batch(world: World, order: BenchOrder): Promise<BenchRow> {
  order.say('disclose batch');
  const outcome = await compareUnderLoad(world, order.sizes, {
    work: { kind: 'batch' },
    baselines: ['pgp', 'raw'],
    firstItems: FIRST_BATCH,
    chunk: CHUNK_RECORDS,
  });
  const targets = [
    atLeast('rate', outcome.value, 25_000),
    atLeast('ratio', outcome.compared[0]?.ratio ?? Number.NaN, 1.5),
  ];
  return { bench: 'disclose', metric: 'batch', n: CHUNK_RECORDS, unit: '1/s', ...outcome, targets };
}
