import { Refusal } from '@mnv/core';

/** Longer than any turn that still helps somebody: the proxy has given up by then. */
const PATIENCE_MS = 1_200;

export type InTurn = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/**
 * Runs the works of one key one after another, in the order of asking. Whoever waited too long is not run, so
 * that a queue which grew while the database was away is gone the moment it is back.
 * Throws Refusal `deadline-exceeded`.
 */
export function makeTurns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return (key, work) => {
    const patient = performance.now() + PATIENCE_MS;
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(() => {
      if (performance.now() > patient)
        throw new Refusal('deadline-exceeded', 'Too many were waiting before. Try again.');
      return work();
    });
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    last.set(key, settled);
    void settled.then(() => last.get(key) === settled && last.delete(key));
    return mine;
  };
}
