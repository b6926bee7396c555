import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { COMPILED_CODE } from '@mnv/testing';
import { endWithSupervisor } from './end-with-supervisor.ts';
import type { Program, Running } from './program.ts';

/** glibc gives each thread of Node an arena of its own, which keeps what it once took: some 15 MB a service. */
const MALLOC_ARENAS = '2';
const READY_DEADLINE_MS = 90_000;
const ASK_EVERY_MS = 50;
const GRACE_MS = 8_000;
const LOG_TAIL_CHARACTERS = 1500;

export type ChildOrder = {
  name: string;
  /** TypeScript or JavaScript file run by this same Node. */
  script: string;
  args?: readonly string[];
  /** Options of Node itself. */
  flags?: readonly string[];
  /** All the environment the process gets, with the time zone, the compile cache and how it allocates: nothing of ours. */
  environment: Record<string, string>;
  /** Takes its stdout and stderr. */
  logFile: string;
  isReady: () => Promise<boolean>;
  /** How long it may take to end when asked, before it is killed. */
  graceMs?: number;
};

function tailOf(logFile: string): string {
  try {
    return readFileSync(logFile, 'utf8').slice(-LOG_TAIL_CHARACTERS).trim();
  } catch {
    return '';
  }
}

/** Its own process group: a Ctrl-C reaches the supervisor alone, which then stops all in order. */
function launch({ script, args = [], flags = [], environment, logFile }: ChildOrder): ChildProcess {
  const log = openSync(logFile, 'a', 0o600);
  try {
    return spawn(process.execPath, [...flags, script, ...args], {
      env: {
        ...environment,
        TZ: 'UTC',
        ...COMPILED_CODE,
        MALLOC_ARENA_MAX: MALLOC_ARENAS,
      },
      stdio: ['ignore', log, log],
      detached: true,
    });
  } finally {
    closeSync(log);
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `exit code ${code}` : `signal ${signal}`),
    );
  });
}

async function untilReady(
  child: ChildProcess,
  order: ChildOrder,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + READY_DEADLINE_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`${order.name} ended while starting:\n${tailOf(order.logFile)}`);
    }
    signal.throwIfAborted();
    if (await order.isReady()) return;
    await pause(ASK_EVERY_MS);
  }
  throw new Error(`${order.name} was not ready in time:\n${tailOf(order.logFile)}`);
}

async function end(child: ChildProcess, ended: Promise<string>, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await ended;
  clearTimeout(killer);
}

/** A Node process of ours as something to supervise. */
export function childProgram(order: ChildOrder): Program {
  return {
    name: order.name,
    start: async (signal): Promise<Running> => {
      const child = launch(order);
      const ended = endOf(child);
      const stop = () => end(child, ended, order.graceMs ?? GRACE_MS);
      if (child.pid === undefined) throw new Error(`${order.name}: ${await ended}`);
      const { pid } = child;
      const dismiss = endWithSupervisor(pid);
      void ended.then(dismiss);
      try {
        await untilReady(child, order, signal);
      } catch (error) {
        await stop();
        throw error;
      }
      return { pid, ended, stop };
    },
  };
}
