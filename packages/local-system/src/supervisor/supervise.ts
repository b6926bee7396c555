import { BACK_OFF, type BackOff, type Kept, keepRunning, type Say } from './keep-running.ts';
import type { Program } from './program.ts';

export type Supervision = {
  /** The processes that run now, by name. */
  pids(): Record<string, number>;
  /** Stops all, last started first. */
  stop(): Promise<void>;
};

async function stopAll(kept: readonly Kept[]): Promise<void> {
  for (const one of kept.toReversed()) await one.stop();
}

/**
 * Starts programs in waves: those of one wave together, each wave when the one before is ready. Keeps them
 * running until stopped. When one does not start, or the signal comes, those that did are stopped again.
 */
export async function supervise(
  waves: readonly (readonly Program[])[],
  { say, signal, backOff = BACK_OFF }: { say: Say; signal: AbortSignal; backOff?: BackOff },
): Promise<Supervision> {
  const kept: Kept[] = [];
  for (const wave of waves) {
    const started = await Promise.allSettled(
      wave.map((program) => keepRunning({ program, say, backOff, signal })),
    );
    kept.push(...started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
    const failed = started.find((one) => one.status === 'rejected');
    if (failed !== undefined) {
      await stopAll(kept);
      throw failed.reason;
    }
  }
  return {
    pids: () =>
      Object.fromEntries(
        kept.flatMap((one) => {
          const pid = one.pid();
          return pid === undefined ? [] : [[one.name, pid]];
        }),
      ),
    stop: () => stopAll(kept),
  };
}
