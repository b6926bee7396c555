import type { RootProvider, TreeStore } from '../../src/index.ts';

/** The process died. What was durable stays, what was in memory is gone. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** `lost-answer`: it happened, and nobody heard of it. `rolled-back`: everything but the commit happened. */
export type CrashPoint = {
  /** How many calls of a port go well before. */
  readonly after: number;
  readonly how: 'before' | 'rolled-back' | 'lost-answer';
};

export type Ports<Tx> = { readonly store: TreeStore<Tx>; readonly root: RootProvider };

/** The same ports, dying at the next points of a list that is used up across restarts. */
export function crashing<Tx>({ store, root }: Ports<Tx>, points: CrashPoint[]): Ports<Tx> {
  let calls = 0;
  const due = (): CrashPoint['how'] | undefined => {
    const [point] = points;
    calls += 1;
    if (point === undefined || calls <= point.after) return undefined;
    points.shift();
    return point.how;
  };
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    const how = due();
    if (how === 'before' || how === 'rolled-back') throw new Crash();
    const result = await work();
    if (how === 'lost-answer') throw new Crash();
    return result;
  };
  return {
    store: {
      ...store,
      transaction: async (work) => {
        const how = due();
        if (how === 'before') throw new Crash();
        const result = await store.transaction(async (tx) => {
          const done = await work(tx);
          if (how === 'rolled-back') throw new Crash();
          return done;
        });
        if (how === 'lost-answer') throw new Crash();
        return result;
      },
    },
    root: {
      ...root,
      create: (label) => call(() => root.create(label)),
      seal: (ref, secret, context) => call(() => root.seal(ref, secret, context)),
      status: (ref) => call(() => root.status(ref)),
    },
  };
}
