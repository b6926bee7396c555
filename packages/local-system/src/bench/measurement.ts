/** How long requests took, in milliseconds. */
export type Latency = { p50: number; p95: number; p99: number };

/** What one timed run did. */
export type Timed = {
  items: number;
  seconds: number;
  latency?: Latency;
  /** Processor seconds of the load generator within the timed part. */
  generatorCpuSeconds: number;
};

/** The least and the greatest over the rounds. */
export type Range = [least: number, greatest: number];

/** A baseline of the same run, and how many times it the measured value is. */
export type Compared = { against: string; baseline: number; ratio: number; ratioRange: Range };

/** A promise of the design, judged by this run. */
export type Target = { text: string; met: boolean };

/** One line of the result. */
export type BenchRow = {
  bench: string;
  metric: string;
  /** What the metric's name counts: clients, or items in a batch. */
  n: number;
  value: number;
  unit: string;
  valueRange?: Range;
  compared?: Compared[];
  latencyMs?: Latency;
  /** Processor microseconds per item, by process. */
  cpuMicros?: Record<string, number>;
  targets?: Target[];
};

export function atLeast(what: string, value: number, bound: number): Target {
  return { text: `${what} ≥ ${bound.toLocaleString('en')}`, met: value >= bound };
}

export function atMost(what: string, value: number, bound: number): Target {
  return { text: `${what} ≤ ${bound.toLocaleString('en')}`, met: value <= bound };
}
