import type { BenchOrder } from '../bench-order.ts';
import type { BenchRow } from '../measurement.ts';
import { atLeast } from '../measurement.ts';
import { compareUnderLoad } from '../under-load.ts';

const FIRST_RECORDS = 1_000;
const CHUNK_RECORDS = 500;

/** Storing records in streams of NDJSON, through proxy and vault. */
export async function benchImport(order: BenchOrder): Promise<BenchRow[]> {
  const world = await order.world();
  order.say('import batch');
  const outcome = await compareUnderLoad(world, order.sizes, {
    work: { kind: 'import' },
    baselines: ['pgp'],
    firstItems: FIRST_RECORDS,
    chunk: CHUNK_RECORDS,
  });
  const targets = [atLeast('rate', outcome.value, 5_000)];
  return [{ bench: 'import', metric: 'batch', n: CHUNK_RECORDS, unit: '1/s', ...outcome, targets }];
}
