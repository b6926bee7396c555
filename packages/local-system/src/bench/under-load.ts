import type { LoadWork } from './load/load-job.ts';
import type { Timed } from './measurement.ts';
import { cpuSeconds } from './process-facts.ts';
import type { BaselineName } from './baseline-programs.ts';
import type { Contestant, Outcome } from './rounds.ts';
import { takeTurns } from './rounds.ts';
import type { Sizes } from './sizes.ts';
import { median } from './statistics.ts';
import type { Targets, World } from './world.ts';

export type Comparison = {
  work: LoadWork;
  baselines: readonly BaselineName[];
  /** Items of the first, short runs, which warm up and show how many fit into a turn. */
  firstItems: number;
  /** Items come in whole chunks of this. */
  chunk: number;
};

const BASELINE_NAMES = {
  twoHop: 'two hops, plain row',
  pgp: 'one hop, pgcrypto and audit row',
  raw: 'the same with raw AES',
} as const;

/** The system and a baseline under the same load, by turns. */
export async function compareUnderLoad(
  world: World,
  { seconds, rounds }: Pick<Sizes, 'seconds' | 'rounds'>,
  comparison: Comparison,
): Promise<Outcome & { cpuMicros: Record<string, number> }> {
  const { work, baselines } = comparison;
  const spent: Record<string, number>[] = [];
  const prepare = async (who: keyof Targets) => {
    const items = await itemsOfTurn(world, who, { seconds, ...comparison });
    return () => world.run(who, work, items);
  };
  const own = await prepare('system');
  const others: Contestant[] = [];
  for (const who of baselines) {
    others.push({ name: BASELINE_NAMES[who], run: await prepare(who) });
  }
  const system = { name: 'system', run: () => withCpu(world, spent, own) };
  const outcome = await takeTurns([system, ...others], rounds);
  return { ...outcome, cpuMicros: medianOfEach(spent) };
}

async function itemsOfTurn(
  world: World,
  who: keyof Targets,
  { work, firstItems, chunk, seconds }: Comparison & { seconds: number },
): Promise<number> {
  await world.run(who, work, firstItems);
  const { items, seconds: took } = await world.run(who, work, firstItems);
  return Math.max(1, Math.round(((items / took) * seconds) / chunk)) * chunk;
}

/** Runs, and notes what each process of the system spent on an item. */
async function withCpu(
  world: World,
  spent: Record<string, number>[],
  run: () => Promise<Timed>,
): Promise<Timed> {
  const pids = Object.entries(world.system.pids());
  const before = pids.map(([, pid]) => cpuSeconds(pid));
  const timed = await run();
  const micros = (seconds: number) => Math.round((seconds / timed.items) * 1e6);
  const services = pids.map(([name, pid], at) => [
    name,
    micros(cpuSeconds(pid) - (before[at] ?? 0)),
  ]);
  const generator = micros(timed.generatorCpuSeconds);
  spent.push({ ...Object.fromEntries(services), 'load generator': generator });
  return timed;
}

function medianOfEach(spent: readonly Record<string, number>[]): Record<string, number> {
  const names = Object.keys(spent[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [name, median(spent.map((one) => one[name] ?? Number.NaN))]),
  );
}
