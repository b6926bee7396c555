import { join } from 'node:path';
import { whatRunsWhere, whatToTry } from './start/newcomer-text.ts';
import { showMainJob } from './start/show-main-job.ts';
import { readStartOptions, START_HELP, type StartOptions } from './start/start-options.ts';
import { listenForStop, type StopWish } from './supervisor/stop-signals.ts';
import { chosenSettings } from './system/chosen-settings.ts';
import { type LocalSystem, startSystem } from './system/start-system.ts';

const show = (text: string) => void process.stdout.write(text);
const say = (text: string) => show(`${text}\n`);

/** The main job's failure is told and leaves the system running: it can be looked into. */
async function showToNewcomer(
  system: LocalSystem,
  { data, demo, people }: StartOptions,
  { signal }: StopWish,
): Promise<void> {
  show(whatRunsWhere(system.endpoints, system.endpointsFile));
  const order = {
    people,
    say,
    show,
    signal,
    again: demo,
    lastRunFile: join(data, 'last-run.json'),
  };
  await showMainJob(system, order).catch((error: unknown) => {
    if (!signal.aborted) say(`The main job did not end well: ${(error as Error).message}`);
  });
  if (!signal.aborted) show(whatToTry(system.endpointsFile));
}

/** The exit code. */
async function main(stop: StopWish): Promise<number> {
  // npm changes into the project before it starts this; a directory is meant from where the caller stands.
  const options = readStartOptions(process.argv.slice(2), process.env['INIT_CWD'] ?? process.cwd());
  if (options.help) {
    show(START_HELP);
    return 0;
  }
  const { data, ports } = options;
  const { signal } = stop;
  const system = await startSystem({
    data,
    ports,
    say,
    signal,
    durability: 'durable',
    vaultSettings: chosenSettings(process.env),
  });
  void showToNewcomer(system, options, stop);
  await stop.wished;
  say('stopping');
  await system.stop();
  say('everything is stopped; the data stays');
  return 0;
}

const stop = listenForStop();
const code = await main(stop).catch((error: unknown) => {
  if (stop.signal.aborted) return stop.exitCode();
  process.stderr.write(`mynumber-vault: ${(error as Error).message}\n`);
  return 1;
});
process.exit(code);
