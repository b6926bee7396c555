import { setTimeout as pause } from 'node:timers/promises';
import type { Program, Running } from './program.ts';

export type BackOff = { firstMs: number; mostMs: number; steadyMs: number };

/** Waits 0.2 s, then twice as long each time up to 10 s; half a minute of health is forgotten trouble. */
export const BACK_OFF: BackOff = { firstMs: 200, mostMs: 10_000, steadyMs: 30_000 };

export type Say = (text: string) => void;

export type Kept = { name: string; pid(): number | undefined; stop(): Promise<void> };

type Keeping = { program: Program; say: Say; backOff: BackOff; stopping: AbortSignal };

/** Tries until it runs, waiting longer each time. Undefined when the stop came first. */
async function startAgain(
  { program, say, backOff, stopping }: Keeping,
  firstWait: number,
): Promise<{ running: Running; wait: number } | undefined> {
  for (let wait = firstWait; ; wait = Math.min(wait * 2, backOff.mostMs)) {
    await pause(wait, undefined, { signal: stopping }).catch(() => undefined);
    if (stopping.aborted) return undefined;
    try {
      const running = await program.start(stopping);
      say(`${program.name} runs again (process ${running.pid})`);
      return { running, wait };
    } catch (error) {
      if (stopping.aborted) return undefined;
      say(`${program.name} did not start: ${(error as Error).message}`);
    }
  }
}

const FIRST_TRIES = 3;

/** What fails at first on a busy machine, a database that is slow to answer, goes well a moment later. */
async function startFirst({ program, say, backOff, stopping }: Keeping): Promise<Running> {
  for (let left = FIRST_TRIES - 1, wait = backOff.firstMs; ; left -= 1, wait *= 2) {
    try {
      return await program.start(stopping);
    } catch (error) {
      if (left === 0 || stopping.aborted) throw error;
      say(`${program.name} did not start; trying again`);
    }
    await pause(wait, undefined, { signal: stopping });
  }
}

/** Starts a program and starts it again whenever it ends unasked. */
export async function keepRunning(
  order: Omit<Keeping, 'stopping'> & { signal: AbortSignal },
): Promise<Kept> {
  const { program, say, backOff, signal } = order;
  const ownStop = new AbortController();
  const keeping = { ...order, stopping: AbortSignal.any([ownStop.signal, signal]) };
  let running: Running | undefined = await startFirst(keeping);

  async function watch(): Promise<void> {
    let wait = backOff.firstMs;
    while (running !== undefined) {
      const since = Date.now();
      const how = await running.ended;
      running = undefined;
      if (keeping.stopping.aborted) return;
      if (Date.now() - since >= backOff.steadyMs) wait = backOff.firstMs;
      say(`${program.name} ended unexpectedly (${how}); restarting`);
      const again = await startAgain(keeping, wait);
      running = again?.running;
      wait = Math.min((again?.wait ?? wait) * 2, backOff.mostMs);
    }
  }
  const watched = watch();
  return {
    name: program.name,
    pid: () => running?.pid,
    stop: async () => {
      ownStop.abort();
      await running?.stop();
      await watched;
    },
  };
}
