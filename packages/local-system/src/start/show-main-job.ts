import { resultInWords } from '../demo/result-in-words.ts';
import { type DemoResult, shortfallsOf } from '../demo/result.ts';
import { type MainJob, runMainJob } from '../demo/run-main-job.ts';
import { createStopwatch } from '../demo/stopwatch.ts';
import type { LocalSystem } from '../system/start-system.ts';
import { findLastRun, keepLastRun } from './last-run.ts';

type Showing = Omit<MainJob, 'stopwatch'> & { lastRunFile: string; again: boolean };

/** Runs the main job for everybody to see, or shows how it went the last time. */
export async function showMainJob(system: LocalSystem, order: Showing): Promise<void> {
  const { lastRunFile, again, say } = order;
  const last = findLastRun(lastRunFile);
  if (last !== undefined && !again) {
    say(`The main job ran here at ${last.at} (npm start -- --demo repeats it):`);
    sayResult(last.result, say);
    return;
  }
  const result = await runMainJob(system.endpoints, { ...order, stopwatch: createStopwatch() });
  keepLastRun(lastRunFile, { at: new Date().toISOString(), result });
  sayResult(result, say);
}

function sayResult(result: DemoResult, say: (text: string) => void): void {
  say(resultInWords(result).trimEnd());
  for (const shortfall of shortfallsOf(result)) say(`FELL SHORT: ${shortfall}`);
}
