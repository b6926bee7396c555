import type { Latency, Range } from './measurement.ts';

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}

export function rangeOf(values: readonly number[]): Range {
  return [Math.min(...values), Math.max(...values)];
}

/** The nearest-rank percentiles of latencies in milliseconds. */
export function latencyOf(milliseconds: Float64Array): Latency {
  const sorted = milliseconds.toSorted();
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

export function medianLatency(latencies: readonly (Latency | undefined)[]): Latency | undefined {
  const known = latencies.filter((one) => one !== undefined);
  if (known.length === 0) return undefined;
  return {
    p50: median(known.map((one) => one.p50)),
    p95: median(known.map((one) => one.p95)),
    p99: median(known.map((one) => one.p99)),
  };
}
