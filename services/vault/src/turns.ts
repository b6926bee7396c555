import { Refusal } from '@mnv/core';

/** Longer than any turn that still helps somebody: the proxy has given up by then. */
const PATIENCE_MS = 1_200;

export type InTurn = <T>(
  place: { key: string; rank: number },
  work: () => Promise<T>,
) => Promise<T>;

type Waiting = { rank: number; patient: number; run(): Promise<void>; refuse(): void };

/**
 * Runs the works of one key one at a time, of those waiting the lowest rank first. Whoever waited too long is
 * not run, so that a queue which grew while the database was away is gone the moment it is back.
 * Throws Refusal `deadline-exceeded`.
 */
export function makeTurns(): InTurn {
  const queues = new Map<string, Waiting[]>();
  return ({ key, rank }, work) =>
    new Promise((resolve, reject) => {
      const waiting: Waiting = {
        rank,
        patient: performance.now() + PATIENCE_MS,
        run: () => work().then(resolve, reject),
        refuse: () =>
          reject(new Refusal('deadline-exceeded', 'Too many were waiting before. Try again.')),
      };
      const queue = queues.get(key);
      if (queue) queue.push(waiting);
      else void drain(key, [waiting]);
    });

  async function drain(key: string, queue: Waiting[]): Promise<void> {
    queues.set(key, queue);
    for (let next = takeLowest(queue); next; next = takeLowest(queue)) {
      if (performance.now() > next.patient) next.refuse();
      else await next.run();
    }
    queues.delete(key);
  }
}

function takeLowest(queue: Waiting[]): Waiting | undefined {
  const lowest = queue.reduce(
    (best, one, at) => (one.rank < (queue[best]?.rank ?? 0) ? at : best),
    0,
  );
  return queue.splice(lowest, 1)[0];
}
