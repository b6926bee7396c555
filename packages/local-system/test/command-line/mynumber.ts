import { spawn } from 'node:child_process';
import { COMPILED_CODE, leakTripwire } from '@mnv/testing';

const PROGRAM = new URL('../../../cli/src/main.ts', import.meta.url).pathname;

export type Run = { exitCode: number | null; out: string; err: string };

export type RunOptions = {
  cwd?: string;
  /** Kills the program (SIGKILL) when this resolves before it has ended. */
  killAfter?: Promise<void>;
};

/** The arguments `words… --name value …`; `true` stands for an option without a value. */
export function commandLine(
  words: string,
  options: Readonly<Record<string, string | true>>,
): string[] {
  const given = Object.entries(options).flatMap(([name, value]) =>
    value === true ? [`--${name}`] : [`--${name}`, value],
  );
  return words.split(' ').concat(given);
}

/** Runs the program as a user does. Whatever it prints is searched for numbers at the end of the test file. */
export async function mynumber(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: options.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: COMPILED_CODE,
  });
  const printed = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (printed.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (printed.err += text));
  void options.killAfter?.then(() => child.kill('SIGKILL'));
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  leakTripwire().watch(`mynumber ${args[0]}`, printed.out + printed.err);
  return { exitCode, ...printed };
}

/** What a run that must succeed printed. */
export async function printedBy(args: readonly string[], options?: RunOptions): Promise<string> {
  const { exitCode, out, err } = await mynumber(args, options);
  if (exitCode !== 0) throw new Error(`mynumber ${args[0]} ended with ${exitCode}: ${err}`);
  return out;
}
