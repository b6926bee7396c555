import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Another system works on the same data. The message is for the person at the keyboard. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
}

export type RunLock = { recovered: 'clean' | 'stale'; release(): void };

type Holder = { pid: number; started: string; since: string };

/** When a process began, in the kernel's own count: tells a process from a later one with its pid. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // Fields are counted after the command, which may itself hold spaces and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return started === startOf(pid);
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof SyntaxError) return { pid: 0, started: 'unreadable', since: '' };
    throw error;
  }
}

/** Creates the lock with its content in one step, so that nobody ever reads half a lock. */
function take(path: string): boolean {
  const own = `${path}.${randomUUID()}`;
  const holder: Holder = {
    pid: process.pid,
    started: startOf(process.pid),
    since: new Date().toISOString(),
  };
  writeFileSync(own, JSON.stringify(holder), { mode: 0o600 });
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Puts a dead holder's lock aside. Two who try at once: only one finds the file to rename. */
function setAside(path: string): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  rmSync(aside, { force: true });
}

/**
 * One running system per data directory. The lock of a process that died is taken over.
 * @throws AlreadyRunningError
 */
export function acquireRunLock(directory: string): RunLock {
  const path = join(directory, 'lock');
  for (let recovered: RunLock['recovered'] = 'clean'; ; recovered = 'stale') {
    if (take(path)) return { recovered, release: () => rmSync(path, { force: true }) };
    const holder = readHolder(path);
    if (holder !== undefined && isAlive(holder)) {
      throw new AlreadyRunningError(
        `A system already runs on ${directory} (process ${holder.pid}, since ${holder.since}). ` +
          'Stop it with Ctrl-C where it runs, or name another directory with --data.',
      );
    }
    if (holder !== undefined) setAside(path);
  }
}
