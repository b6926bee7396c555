import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { COMPILED_CODE } from '@mnv/testing';

const SOURCE = new URL('../../src/', import.meta.url).pathname;
/** Ends a wait for what will never be; no measure of pace. */
const PATIENCE_MS = 240_000;

/** `start.ts` or `demo.ts` as a process of its own, as npm runs it. */
export type RunningProgram = {
  pid: number;
  out(): string;
  err(): string;
  /** Waits until stdout or stderr holds the text. */
  says(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** The exit code, null after a signal. */
  ended: Promise<number | null>;
};

const running = new Set<ChildProcess>();

export function run(
  program: 'start.ts' | 'demo.ts',
  args: readonly string[],
  environment: Record<string, string> = {},
): RunningProgram {
  const child = spawn(process.execPath, [`${SOURCE}${program}`, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: '/usr/bin:/bin', ...COMPILED_CODE, ...environment },
  });
  running.add(child);
  const printed = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (printed.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (printed.err += text));
  let isOver = false;
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  void ended.then(() => {
    isOver = true;
    running.delete(child);
  });
  const all = () => printed.out + printed.err;
  return {
    pid: child.pid ?? 0,
    out: () => printed.out,
    err: () => printed.err,
    says: async (text) => {
      await until(() => isOver || all().includes(text));
      if (!all().includes(text)) throw new Error(`${program} ended without saying it:\n${all()}`);
    },
    kill: (signal) => void child.kill(signal),
    ended,
  };
}

/** Ends what a failed test left running; the processes below notice and end as well. */
export function killAllPrograms(): void {
  for (const child of running) child.kill('SIGKILL');
}

export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it did not come to pass in time');
    await pause(25);
  }
}

/** Processes whose command line or environment names this directory. */
export function processesOf(directory: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .filter((pid) =>
      ['cmdline', 'environ'].some((file) => names(`/proc/${pid}/${file}`, directory)),
    )
    .map(Number)
    .filter((pid) => pid !== process.pid);
}

function names(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8').includes(text);
  } catch {
    return false;
  }
}
