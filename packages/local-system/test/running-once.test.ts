import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { acquireRunLock, AlreadyRunningError } from '../src/supervisor/run-lock.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mnv-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Another process that takes the lock, then lives until it is killed or ends at once. */
async function holder(then: 'live' | 'die') {
  const source = new URL('../src/supervisor/run-lock.ts', import.meta.url).pathname;
  const script = join(directory, 'holder.mjs');
  writeFileSync(
    script,
    `import { acquireRunLock } from ${JSON.stringify(source)};
acquireRunLock(${JSON.stringify(directory)});
console.log('held');
${then === 'live' ? 'setInterval(() => undefined, 1000);' : 'process.kill(process.pid, "SIGKILL");'}
`,
  );
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  if (then === 'die') await once(child, 'exit');
  return child;
}

describe('a data directory', () => {
  it('is refused while another process works on it, in a sentence that says what to do', async () => {
    const other = await holder('live');
    expect(() => acquireRunLock(directory)).toThrow(AlreadyRunningError);
    expect(() => acquireRunLock(directory)).toThrow(
      new RegExp(`already runs on ${directory} \\(process ${other.pid}, since .*Ctrl-C.*--data`),
    );
    other.kill('SIGKILL');
    await once(other, 'exit');
    const lock = acquireRunLock(directory);
    expect(lock.recovered).toBe('stale');
    lock.release();
  });

  it('is taken over from a process that died without a word', async () => {
    await holder('die');
    expect(existsSync(join(directory, 'lock'))).toBe(true);
    const lock = acquireRunLock(directory);
    expect(lock.recovered).toBe('stale');
    expect(JSON.parse(readFileSync(join(directory, 'lock'), 'utf8'))).toMatchObject({
      pid: process.pid,
    });
    lock.release();
    expect(acquireRunLock(directory).recovered).toBe('clean');
  });

  it('is taken over when its old pid belongs to a later process', () => {
    const stale = { pid: process.pid, started: '1', since: '2026-01-01T00:00:00Z' };
    writeFileSync(join(directory, 'lock'), JSON.stringify(stale));
    expect(acquireRunLock(directory).recovered).toBe('stale');
  });

  it('is taken over from a lock that cannot be read', () => {
    writeFileSync(join(directory, 'lock'), '');
    expect(acquireRunLock(directory).recovered).toBe('stale');
  });

  it('holds nothing but the lock while held, and nothing afterwards', () => {
    const lock = acquireRunLock(directory);
    expect(readdirSync(directory)).toEqual(['lock']);
    lock.release();
    expect(readdirSync(directory)).toEqual([]);
  });
});
