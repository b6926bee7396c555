import { fork } from 'node:child_process';
import type { BenchOrder } from '../bench-order.ts';
import type { BenchRow } from '../measurement.ts';
import { atMost } from '../measurement.ts';
import { median, rangeOf } from '../statistics.ts';

const PROGRAM = new URL('../first-disclosure.ts', import.meta.url).pathname;

/** Seconds from the start of a system on an empty directory until its first number was released. */
export async function benchStart({ sizes, say }: BenchOrder): Promise<BenchRow[]> {
  const seconds: number[] = [];
  for (let round = 0; round < Math.ceil(sizes.rounds / 2); round += 1) {
    say('start first-disclosure-s');
    seconds.push(await startOnce());
  }
  const value = median(seconds);
  const targets = [atMost('seconds', value, 20)];
  const valueRange = rangeOf(seconds);
  return [
    { bench: 'start', metric: 'first-disclosure-s', n: 1, value, unit: 's', valueRange, targets },
  ];
}

function startOnce(): Promise<number> {
  const start = performance.now();
  const child = fork(PROGRAM, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  let seconds: number | undefined;
  child.once('message', () => {
    seconds = (performance.now() - start) / 1000;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      if (seconds === undefined) reject(new Error('a system did not come to its first disclosure'));
      else resolve(seconds);
    });
  });
}
