import type { BenchOrder } from '../bench-order.ts';
import { CHUNK_RECORDS } from '../load/load-job.ts';
import type { BenchRow } from '../measurement.ts';
import { atMost } from '../measurement.ts';
import { peakMemoryMib } from '../process-facts.ts';

const SERVICES = { 'access-proxy': 'access proxy', vault: 'vault' } as const;

/** The most memory each service held in its whole life, in which at least so many records passed both ways. */
export async function benchMemory(order: BenchOrder): Promise<BenchRow[]> {
  const world = await order.world();
  const { passing } = order.sizes;
  order.say(`memory after ${passing} records`);
  await world.ensureRecords(passing);
  const missing = passing - world.passed.disclosed;
  const items = Math.ceil(missing / CHUNK_RECORDS) * CHUNK_RECORDS;
  if (items > 0) await world.run('system', { kind: 'batch' }, items);
  const pids = world.system.pids();
  return Object.entries(SERVICES).flatMap(([metric, name]): BenchRow[] => {
    const pid = pids[name];
    const value = pid === undefined ? undefined : peakMemoryMib(pid);
    if (value === undefined) return [];
    const targets = [atMost('MB', value, 250)];
    return [{ bench: 'memory', metric, n: passing, value, unit: 'MiB', targets }];
  });
}
