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

/** Starts a program and starts it again whenever it ends unasked. */
export async function keepRunning(
  order: Omit<Keeping, 'stopping'> & { signal: AbortSignal },
): Promise<Kept> {
  const { program, say, backOff, signal } = order;
  const ownStop = new AbortController();
  const keeping = { ...order, stopping: AbortSignal.any([ownStop.signal, signal]) };
  let running: Running | undefined = await program.start(keeping.stopping);

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
