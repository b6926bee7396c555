import { DEMO_HELP, type DemoOptions, readDemoOptions } from './demo/demo-options.ts';
import { readEndpoints } from './demo/read-endpoints.ts';
import { type DemoResult, shortfallsOf } from './demo/result.ts';
import { runMainJob } from './demo/run-main-job.ts';
import { resultInWords } from './demo/result-in-words.ts';
import { createStopwatch } from './demo/stopwatch.ts';
import { liveAYear } from './demo/year/live-a-year.ts';
import { type YearResult, yearInWords, yearShortfalls } from './demo/year/year-result.ts';
import { listenForStop, type StopWish } from './supervisor/stop-signals.ts';
import { chosenSettings } from './system/chosen-settings.ts';
import { startTemporarySystem } from './system/temporary-system.ts';

const say = (text: string) => void process.stderr.write(`${text}\n`);

/** The work's result, or an error as soon as the wish to stop comes: what is in flight is not waited for. */
async function untilStopped<Result>(work: Promise<Result>, stop: StopWish): Promise<Result> {
  const stopped = stop.wished.then(() => {
    throw new Error('stopped');
  });
  return Promise.race([work, stopped]);
}

/** What came of a run: its result, what fell short, and the same for a reader. */
type Outcome = { result: object; shortfalls: string[]; inWords: string };

/** The main job, or a year, on its own temporary system; the main job also on the one that `--use` names. */
async function run(options: DemoOptions, stop: StopWish): Promise<Outcome> {
  const stopwatch = createStopwatch();
  const show = (text: string) => void (options.json ? process.stderr : process.stdout).write(text);
  const job = { people: options.people, say, show, stopwatch, signal: stop.signal };
  if (options.use !== undefined) {
    return mainJobOf(await untilStopped(runMainJob(readEndpoints(options.use), job), stop));
  }
  say('starting a system of its own on temporary data');
  const { signal } = stop;
  const vaultSettings = chosenSettings(process.env);
  const order = { say, signal, vaultSettings };
  const system = await stopwatch.time('start', () => startTemporarySystem(order));
  try {
    if (!options.year)
      return mainJobOf(await untilStopped(runMainJob(system.endpoints, job), stop));
    return yearOf(await untilStopped(liveAYear(system, job), stop));
  } finally {
    await system.stop();
    say('the temporary system is stopped and its data removed');
  }
}

function mainJobOf(result: DemoResult): Outcome {
  return { result, shortfalls: shortfallsOf(result), inWords: resultInWords(result) };
}

function yearOf(result: YearResult): Outcome {
  return { result, shortfalls: yearShortfalls(result), inWords: yearInWords(result) };
}

/** The exit code. */
async function main(stop: StopWish): Promise<number> {
  // npm changes into the project before it starts this; the caller's files are meant from where they stand.
  const options = readDemoOptions(process.argv.slice(2), process.env['INIT_CWD'] ?? process.cwd());
  if (options.help) {
    process.stdout.write(DEMO_HELP);
    return 0;
  }
  const { result, shortfalls, inWords } = await run(options, stop);
  for (const shortfall of shortfalls) say(`FELL SHORT: ${shortfall}`);
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : inWords);
  return shortfalls.length === 0 ? 0 : 1;
}

const stop = listenForStop();
const code = await main(stop).catch((error: unknown) => {
  if (!stop.signal.aborted) say(`mynumber-vault: ${(error as Error).message}`);
  return stop.signal.aborted ? stop.exitCode() : 1;
});
process.exit(code);
