import type { Timed } from '../measurement.ts';

/** Times a piece of work, with the processor time this process spends on it. */
export async function timed(items: number, work: () => Promise<void>): Promise<Timed> {
  const before = process.cpuUsage();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { items, seconds, generatorCpuSeconds: (user + system) / 1e6 };
}
