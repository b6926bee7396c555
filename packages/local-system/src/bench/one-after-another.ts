import { timed } from './load/timed.ts';
import type { Timed } from './measurement.ts';
import { latencyOf } from './statistics.ts';

/** Does the same so many times, one after another, and notes how long each took. */
export async function oneAfterAnother(items: number, once: () => Promise<void>): Promise<Timed> {
  const latencies = new Float64Array(items);
  const result = await timed(items, async () => {
    for (let at = 0; at < items; at += 1) {
      const start = performance.now();
      await once();
      latencies[at] = performance.now() - start;
    }
  });
  return { ...result, latency: latencyOf(latencies) };
}
