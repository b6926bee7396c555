import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { childProgram } from '../src/supervisor/child-program.ts';
import { freePorts, portsFrom, requireFreePorts } from '../src/supervisor/ports.ts';
import { supervise, type Supervision } from '../src/supervisor/supervise.ts';

const QUICK = { firstMs: 20, mostMs: 80, steadyMs: 60_000 };
const never = new AbortController().signal;

let directory: string;
let said: string[];
let running: Supervision | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mnv-supervisor-'));
  said = [];
  running = undefined;
});
afterEach(async () => {
  await running?.stop();
  rmSync(directory, { recursive: true, force: true });
});

const say = (text: string) => void said.push(text);

/** A tiny real program: writes its pid, its environment and how it was asked to end. */
function tiny(name: string, body = '') {
  const script = join(directory, `${name}.mjs`);
  const report = join(directory, `${name}.txt`);
  writeFileSync(
    script,
    `import { appendFileSync } from 'node:fs';
const note = (text) => appendFileSync(${JSON.stringify(report)}, text + '\\n');
process.on('SIGTERM', () => { note('asked to end'); process.exit(0); });
${body}
note('environment ' + JSON.stringify(process.env));
note('pid ' + process.pid);
setInterval(() => undefined, 1000);
`,
  );
  const lines = () => {
    try {
      return readFileSync(report, 'utf8').trim().split('\n');
    } catch {
      return [];
    }
  };
  const started = () => lines().filter((line) => line.startsWith('pid ')).length;
  const program = childProgram({
    name,
    script,
    environment: { OWN_SETTING: name },
    logFile: join(directory, `${name}.log`),
    isReady: async () => started() > 0,
    graceMs: 1500,
  });
  return { program, lines, started };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean, deadlineMs = 8000): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`still not so; said: ${said.join(' | ')}`);
    await pause(10);
  }
}

describe('processes that are supervised', () => {
  it('get their own settings and nothing of the environment of the supervisor', async () => {
    const one = tiny('one');
    running = await supervise([[one.program]], { say, signal: never });
    const line = one.lines().find((text) => text.startsWith('environment ')) ?? '';
    const environment = JSON.parse(line.slice('environment '.length)) as Record<string, string>;
    expect(environment).toEqual({
      OWN_SETTING: 'one',
      TZ: 'UTC',
      MALLOC_ARENA_MAX: '2',
      NODE_COMPILE_CACHE: expect.stringContaining('node_modules/.cache'),
    });
    expect(statSync(join(directory, 'one.log')).mode & 0o777).toBe(0o600);
  });

  it('start wave by wave, each when the one before is ready', async () => {
    const first = tiny('first');
    const second = tiny('second');
    running = await supervise([[first.program], [second.program]], { say, signal: never });
    expect(Object.keys(running.pids())).toEqual(['first', 'second']);
    expect(Object.values(running.pids()).every(isAlive)).toBe(true);
  });

  it('are started again after they die, which is said', async () => {
    const one = tiny('one');
    running = await supervise([[one.program]], { say, signal: never, backOff: QUICK });
    const [pid = 0] = Object.values(running.pids());
    process.kill(pid, 'SIGKILL');
    await until(() => said.some((text) => text.includes('runs again')));
    expect(said[0]).toBe('one ended unexpectedly (signal SIGKILL); restarting');
    const [again = 0] = Object.values(running.pids());
    expect(again).not.toBe(pid);
    expect(isAlive(again)).toBe(true);
  });

  it('wait longer before each start in a row', async () => {
    const flag = join(directory, 'broken');
    const one = tiny(
      'one',
      `import { existsSync } from 'node:fs'; if (existsSync(${JSON.stringify(flag)})) { note('failed ' + Date.now()); process.exit(3); }`,
    );
    running = await supervise([[one.program]], {
      say,
      signal: never,
      backOff: { firstMs: 100, mostMs: 800, steadyMs: 60_000 },
    });
    // Readiness looks at the report, which holds the first start: so every start counts as ready at once,
    // and the ends that follow are the deaths of a running service.
    writeFileSync(flag, '');
    process.kill(Object.values(running.pids())[0] ?? 0, 'SIGKILL');
    const failures = () =>
      one
        .lines()
        .filter((line) => line.startsWith('failed '))
        .map((line) => Number(line.slice(7)));
    await until(() => failures().length >= 4, 15_000);
    const [a = 0, b = 0, c = 0, d = 0] = failures();
    expect(c - b).toBeGreaterThan((b - a) * 1.2);
    expect(d - c).toBeGreaterThan((c - b) * 1.2);
  });

  it('are asked to end, last started first, and none is left', async () => {
    const first = tiny('first');
    const second = tiny(
      'second',
      `process.removeAllListeners('SIGTERM'); process.on('SIGTERM', () => { setTimeout(() => { note('asked to end ' + Date.now()); process.exit(0); }, 200); });`,
    );
    const system = await supervise([[first.program], [second.program]], { say, signal: never });
    const pids = Object.values(system.pids());
    await system.stop();
    expect(pids.map(isAlive)).toEqual([false, false]);
    expect(first.lines().at(-1)).toBe('asked to end');
    expect(statSync(join(directory, 'first.txt')).mtimeMs).toBeGreaterThanOrEqual(
      statSync(join(directory, 'second.txt')).mtimeMs,
    );
    expect(said).toEqual([]);
  });

  it('are killed when they ignore the request', async () => {
    const deaf = tiny(
      'deaf',
      `process.removeAllListeners('SIGTERM'); process.on('SIGTERM', () => note('ignored'));`,
    );
    const system = await supervise([[deaf.program]], { say, signal: never });
    const [pid = 0] = Object.values(system.pids());
    await system.stop();
    expect(deaf.lines()).toContain('ignored');
    expect(isAlive(pid)).toBe(false);
  });

  it('do not outlive a start that fails: the error tells the end of the log', async () => {
    const good = tiny('good');
    const bad = tiny('bad', `console.error('the reason is here'); process.exit(9);`);
    await expect(
      supervise([[good.program], [bad.program]], { say, signal: never }),
    ).rejects.toThrow(/bad ended while starting:[^]*the reason is here/);
    expect(said.filter((text) => text === 'bad did not start; trying again')).toHaveLength(2);
    expect(good.lines().at(-1)).toBe('asked to end');
  });

  it('are given up when the stop comes while one is still starting', async () => {
    const stop = new AbortController();
    const slow = tiny('slow', `await new Promise(() => setTimeout(() => undefined, 60_000));`);
    setTimeout(() => stop.abort(), 300);
    await expect(supervise([[slow.program]], { say, signal: stop.signal })).rejects.toThrow(
      'aborted',
    );
    expect(said).toEqual([]);
  });
});

describe('a supervisor that is killed', () => {
  it('leaves none of its processes behind', async () => {
    const one = tiny('one');
    const supervisor = join(directory, 'supervisor.mjs');
    const source = new URL('../src/supervisor/', import.meta.url).pathname;
    writeFileSync(
      supervisor,
      `import { childProgram } from ${JSON.stringify(`${source}child-program.ts`)};
import { supervise } from ${JSON.stringify(`${source}supervise.ts`)};
import { existsSync } from 'node:fs';
await supervise([[childProgram({ name: 'one', script: ${JSON.stringify(join(directory, 'one.mjs'))}, environment: {},
  logFile: ${JSON.stringify(join(directory, 'one.log'))}, isReady: async () => existsSync(${JSON.stringify(join(directory, 'one.txt'))}) })]],
  { say: console.log, signal: new AbortController().signal });
setInterval(() => undefined, 1000);
`,
    );
    const parent = spawn(process.execPath, [supervisor], { stdio: 'ignore' });
    await until(() => one.started() === 1, 15_000);
    const pid = Number(one.lines().at(-1)?.slice(4));
    await pause(300);
    parent.kill('SIGKILL');
    await until(() => !isAlive(pid), 10_000);
    expect(one.lines().at(-1)).toBe('asked to end');
  });
});

describe('the ports of a system', () => {
  it('are the base and the six above, by the published order', () => {
    expect(portsFrom(8441)).toEqual({
      proxy: 8441,
      vault: 8442,
      console: 8443,
      disposal: 8444,
      identity: 8445,
      witness: 8446,
      postgres: 8447,
    });
    expect(() => portsFrom(65_530)).toThrow('--port-base');
    expect(() => portsFrom(80)).toThrow('--port-base');
  });

  it('name the one that somebody else has taken', async () => {
    const ports = await freePorts();
    const squatter = createServer();
    await new Promise<void>((resolve) => {
      squatter.listen(ports.vault, '127.0.0.1', resolve);
    });
    const check = requireFreePorts(ports, { names: ['proxy', 'vault'], patienceMs: 0 });
    await expect(check).rejects.toThrow(`Port ${ports.vault} (vault) is taken`);
    setTimeout(() => squatter.close(), 200);
    await requireFreePorts(ports, { names: ['proxy', 'vault'], patienceMs: 5000 });
  });
});
