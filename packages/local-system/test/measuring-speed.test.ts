import { describe, expect, it } from '@jest/globals';
import { readArguments, ROW_NAMES } from '../src/bench/arguments.ts';
import type { BenchRow, Timed } from '../src/bench/measurement.ts';
import { atLeast, atMost } from '../src/bench/measurement.ts';
import { performanceDocument } from '../src/bench/performance-document.ts';
import { takeTurns } from '../src/bench/rounds.ts';
import { FULL } from '../src/bench/sizes.ts';
import { latencyOf, median } from '../src/bench/statistics.ts';
import { tableOf } from '../src/bench/table.ts';

/** Runs that take these seconds for 100 items each, noting who ran. */
function contestant(name: string, seconds: number[], ran: string[]) {
  const left = [...seconds];
  return {
    name,
    run: (): Promise<Timed> => {
      ran.push(name);
      return Promise.resolve({ items: 100, seconds: left.shift()!, generatorCpuSeconds: 0 });
    },
  };
}

const ROW: BenchRow = {
  bench: 'disclose',
  metric: 'single-8',
  n: 8,
  value: 1234.4,
  unit: '1/s',
  valueRange: [1100, 1300],
  compared: [{ against: 'two hops', baseline: 2468, ratio: 0.5, ratioRange: [0.4, 0.6] }],
  latencyMs: { p50: 5.25, p95: 9, p99: 12.5 },
  cpuMicros: { vault: 200, 'load generator': 40 },
  targets: [atLeast('ratio', 0.5, 0.35), atMost('p50 ms', 5.25, 5)],
};

describe('a comparison', () => {
  it('takes turns in the opposite order every second round', async () => {
    const ran: string[] = [];

    await takeTurns([contestant('a', [1, 1, 1], ran), contestant('b', [1, 1, 1], ran)], 3);

    expect(ran.join('')).toBe('abbaab');
  });

  it('takes the median of the ratios within the rounds, not the ratio of the medians', async () => {
    const own = contestant('system', [1, 2, 4], []);
    const other = contestant('baseline', [2, 2, 1], []);

    const { value, valueRange, compared } = await takeTurns([own, other], 3);

    expect({ value, valueRange }).toEqual({ value: 50, valueRange: [25, 100] });
    expect(compared).toEqual([
      { against: 'baseline', baseline: 50, ratio: 1, ratioRange: [0.25, 2] },
    ]);
  });
});

describe('the statistics', () => {
  it('take the middle, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('take percentiles by rank, however the latencies arrive', () => {
    const arrived = Float64Array.from({ length: 100 }, (_, at) => ((at * 37) % 100) + 1);

    expect(latencyOf(arrived)).toEqual({ p50: 50, p95: 95, p99: 99 });
  });
});

describe('the result', () => {
  it('says on the screen and in the document which promise was not met', () => {
    const machine = { cores: 2, memoryGib: 4, node: '24.0.0', postgres: '18.0' };

    const screen = tableOf([ROW]);
    const page = performanceDocument({ machine, sizes: FULL, rows: [ROW] });

    expect(screen).toMatch(/ratio ≥ 0\.35 +met\n/);
    expect(screen).toMatch(/p50 ms ≤ 5 +NOT MET\n/);
    expect(page).toContain(
      '| disclose single-8 | 1,234 1/s (1,100–1,300) | two hops | 2,468 | 0.50 (0.40–0.60) | ratio ≥ 0.35: met<br>p50 ms ≤ 5: **not met** |',
    );
    expect(page).toContain('| disclose single-8 | 5.3 | 9.0 | 12.5 |');
    expect(page).toContain('2 cores, 4 GiB of memory, Node 24.0.0, PostgreSQL 18.0.');
  });
});

describe('the command line', () => {
  it('runs all rows in their own order when none is named, else those named', () => {
    expect(readArguments([]).rows).toEqual([...ROW_NAMES]);
    expect(readArguments(['disclose', 'import']).rows).toEqual(['import', 'disclose']);
  });

  it('writes JSON to a file that is named, and to stdout when the next word is something else', () => {
    expect(readArguments(['--json', 'out.json', 'log'])).toMatchObject({
      json: { file: 'out.json' },
      rows: ['log'],
    });
    expect(readArguments(['--json', 'log'])).toMatchObject({ json: 'stdout', rows: ['log'] });
    expect(readArguments(['log', '--json', '--quick'])).toMatchObject({
      json: 'stdout',
      quick: true,
    });
  });

  it('refuses a word it does not understand', () => {
    expect(() => readArguments(['dislcose'])).toThrow('not understood: dislcose');
  });
});
