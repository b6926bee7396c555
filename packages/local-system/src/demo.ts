import { readFileSync } from 'node:fs';
import { DEMO_HELP, type DemoOptions, readDemoOptions } from './demo/demo-options.ts';
import { type DemoResult, shortfallsOf } from './demo/result.ts';
import { runMainJob } from './demo/run-main-job.ts';
import { resultInWords } from './demo/result-in-words.ts';
import { createStopwatch } from './demo/stopwatch.ts';
import { listenForStop, type StopWish } from './supervisor/stop-signals.ts';
import type { Endpoints } from './system/endpoints.ts';
import { startTemporarySystem } from './system/temporary-system.ts';

const say = (text: string) => void process.stderr.write(`${text}\n`);

/** The main job on its own temporary system, or on the one that `--use` names. */
async function run(options: DemoOptions, stop: StopWish): Promise<DemoResult> {
  const stopwatch = createStopwatch();
  const show = (text: string) => void (options.json ? process.stderr : process.stdout).write(text);
  const job = { people: options.people, say, show, stopwatch, signal: stop.signal };
  if (options.use !== undefined) {
    return runMainJob(JSON.parse(readFileSync(options.use, 'utf8')) as Endpoints, job);
  }
  say('starting a system of its own on temporary data');
  const { signal } = stop;
  const system = await stopwatch.time('start', () => startTemporarySystem({ say, signal }));
  try {
    const stopped = stop.wished.then(() => signal.throwIfAborted());
    return await Promise.race([runMainJob(system.endpoints, job), stopped as Promise<never>]);
  } finally {
    await system.stop();
    say('the temporary system is stopped and its data removed');
  }
}

/** The exit code. */
async function main(stop: StopWish): Promise<number> {
  // npm changes into the project before it starts this; the caller's files are meant from where they stand.
  const options = readDemoOptions(process.argv.slice(2), process.env['INIT_CWD'] ?? process.cwd());
  if (options.help) {
    process.stdout.write(DEMO_HELP);
    return 0;
  }
  const result = await run(options, stop);
  const shortfalls = shortfallsOf(result);
  for (const shortfall of shortfalls) say(`FELL SHORT: ${shortfall}`);
  process.stdout.write(options.json ? `${JSON.stringify(result)}\n` : resultInWords(result));
  return shortfalls.length === 0 ? 0 : 1;
}

const stop = listenForStop();
const code = await main(stop).catch((error: unknown) => {
  if (!stop.signal.aborted) say(`mynumber-vault: ${(error as Error).message}`);
  return stop.signal.aborted ? stop.exitCode() : 1;
});
process.exit(code);
