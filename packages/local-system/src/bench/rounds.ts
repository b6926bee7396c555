import type { Compared, Latency, Range, Timed } from './measurement.ts';
import { median, medianLatency, rangeOf } from './statistics.ts';

export type Contestant = { name: string; run: () => Promise<Timed> };

/** What the first contestant did, and how it compares with each of the others. */
export type Outcome = {
  value: number;
  valueRange: Range;
  compared: Compared[];
  latencyMs?: Latency;
};

/**
 * Runs the contestants by turns, every second round in the opposite order (ABBA), so that a machine that gets
 * busier or warmer favours nobody. A ratio is the median of the ratios within the rounds.
 */
export async function takeTurns(
  contestants: readonly [Contestant, ...Contestant[]],
  rounds: number,
): Promise<Outcome> {
  const runs = contestants.map((contestant) => ({ contestant, timed: [] as Timed[] }));
  for (let round = 0; round < rounds; round += 1) {
    for (const { contestant, timed } of round % 2 === 0 ? runs : runs.toReversed()) {
      timed.push(await contestant.run());
    }
  }
  const [own = [], ...others] = runs.map(({ timed }) =>
    timed.map((one) => one.items / one.seconds),
  );
  const latency = medianLatency(runs[0]?.timed.map((one) => one.latency) ?? []);
  return {
    value: median(own),
    valueRange: rangeOf(own),
    compared: others.map((rates, at) => compare(contestants[at + 1]?.name ?? '', own, rates)),
    ...(latency && { latencyMs: latency }),
  };
}

function compare(against: string, own: number[], rates: number[]): Compared {
  const ratios = own.map((rate, round) => rate / (rates[round] ?? Number.NaN));
  return { against, baseline: median(rates), ratio: median(ratios), ratioRange: rangeOf(ratios) };
}
