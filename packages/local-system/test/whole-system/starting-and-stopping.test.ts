import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeIndividualNumber } from '@mnv/testing';
import { answersOk } from '../../src/system/answers-ok.ts';
import { apiClientOf, clientFor } from '../../src/system/client-for.ts';
import type { Endpoints } from '../../src/system/endpoints.ts';
import { SHORT_DRAIN } from '../short-drain.ts';
import { freePortBase } from './free-port-base.ts';
import { countNumberLike } from './number-like.ts';
import {
  killAllPrograms,
  processesOf,
  run,
  type RunningProgram,
  until,
} from './running-program.ts';

/** Deeper than a unix socket's path may be, in a home that nobody else may enter. */
const DEEP = 'a-directory-with-a-long-name/'.repeat(4);

let home: string;
let data: string;
let portBase: string;
let program: RunningProgram;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'mnv-home-'));
  data = join(home, DEEP, 'data');
  portBase = String(await freePortBase());
});
afterAll(async () => {
  killAllPrograms();
  await until(() => processesOf(home).length === 0);
  const cluster = join(data, 'postgres');
  if (statSync(cluster, { throwIfNoEntry: false })?.isFile()) {
    rmSync(readFileSync(cluster, 'utf8').trim(), { recursive: true, force: true });
  }
  rmSync(home, { recursive: true, force: true });
});

const start = (...more: string[]) =>
  run(
    'start.ts',
    ['--data', data, '--port-base', portBase, '--people', '20', ...more],
    SHORT_DRAIN,
  );
const endpointsFile = () => join(data, 'endpoints.json');
const readEndpoints = () => JSON.parse(readFileSync(endpointsFile(), 'utf8')) as Endpoints;

/** Every file the endpoints name: their texts with a slash that are neither an address nor a log's origin. */
function filesIn(value: unknown): string[] {
  if (typeof value === 'string')
    return /^(?!local\/(?:access\/|control$))[^:]*\/[^:]*$/.test(value) ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(filesIn) : [];
}

async function storedRecords(): Promise<string[]> {
  const actor = { person: 'operator-1', clientId: 'payroll', tenant: 't-001' };
  const client = clientFor(readEndpoints(), actor);
  try {
    const found = await client.findRecords({ individualRef: 'kept-between-starts' });
    return found.map(({ recordId }) => recordId);
  } finally {
    await client.close();
  }
}

async function storeOne(): Promise<string> {
  const actor = { person: 'operator-1', clientId: 'payroll', tenant: 't-001' };
  const client = clientFor(readEndpoints(), actor);
  try {
    const { recordId } = await client.storeRecord({
      individualRef: 'kept-between-starts',
      subject: 'E',
      individualNumber: makeIndividualNumber(),
      purposes: ['TAX-WITHHOLD'],
      verification: {
        numberCheck: 'N1',
        identityCheck: 'I1',
        channel: 'mail',
        verifiedBy: 'hr-1',
        verifiedOn: '2026-11-01',
      },
      noticeVersion: 'notice-1',
    });
    return recordId;
  } finally {
    await client.close();
  }
}

describe('npm start', () => {
  it('runs the main job once on new data and says what runs where', async () => {
    program = start();
    await program.says('Ctrl-C stops everything');
    expect(program.out()).toContain('FOR DEVELOPMENT ONLY');
    expect(program.out()).toContain(endpointsFile());
    expect(program.out()).toContain('20 people: 20 numbers stored, 20 released to payroll');
    expect(program.out()).not.toContain('FELL SHORT');
    expect(countNumberLike(program.out() + program.err())).toBe(0);
  }, 600_000);

  it('describes itself to scripts in a private file that holds no secret', async () => {
    expect(statSync(endpointsFile()).mode & 0o777).toBe(0o600);
    expect(statSync(data).mode & 0o777).toBe(0o700);
    const endpoints = readEndpoints();
    expect(endpoints).toMatchObject({ version: 1, profile: 'development', pid: program.pid });
    expect(endpoints.logs.control).toEqual({ origin: 'local/control' });
    const files = filesIn(endpoints);
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => !isAbsolute(file) || !existsSync(file))).toEqual([]);
    const text = readFileSync(endpointsFile(), 'utf8');
    for (const file of files.filter((one) => /password|key/i.test(one))) {
      expect(text).not.toContain(readFileSync(file, 'utf8').trim());
    }
  });

  it('answers for its health', async () => {
    const { services, ca, clients } = readEndpoints();
    const as = apiClientOf(readEndpoints(), clients[0]?.clientId ?? '');
    expect(await answersOk({ url: `${services.proxy}/health/live`, caFile: ca, as })).toBe(true);
    expect(await answersOk({ url: `${services.proxy}/health/ready`, caFile: ca, as })).toBe(true);
  });

  it('refuses a second start on the same data in one sentence', async () => {
    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.out()).toBe('');
    expect(second.err()).toMatch(
      new RegExp(`^mynumber-vault: A system already runs on .*process ${program.pid}[^\\n]*\\n$`),
    );
  });

  it('refuses other data on ports that are taken, and leaves those alone who have them', async () => {
    const other = run('start.ts', ['--data', join(home, 'other'), '--port-base', portBase]);
    expect(await other.ended).toBe(1);
    expect(other.err()).toMatch(/^mynumber-vault: Port \d+ \(\w+\) is taken [^\n]*\n$/);
    expect(await storedRecords()).toEqual([]);
  });

  it('lets the demo use it', async () => {
    const demo = run('demo.ts', ['--use', endpointsFile(), '--json', '--people', '10']);
    expect(await demo.ended).toBe(0);
    const result = JSON.parse(demo.out()) as { disclosed: number; log: { verified: boolean } };
    expect(result).toMatchObject({ disclosed: 10, log: { verified: true } });
  });

  it('stops everything at Ctrl-C, and keeps the data for the next start', async () => {
    const recordId = await storeOne();

    program.kill('SIGINT');
    expect(await program.ended).toBe(0);
    expect(processesOf(home)).toEqual([]);
    expect(readdirSync(data)).not.toContain('endpoints.json');
    expect(readdirSync(data)).not.toContain('lock');

    program = start();
    await program.says('Ctrl-C stops everything');
    expect(program.out()).toContain('The main job ran here at');
    expect(await storedRecords()).toEqual([recordId]);
  }, 600_000);

  it('leaves no process behind when it is killed, and takes its data over at the next start', async () => {
    const [recordId] = await storedRecords();

    program.kill('SIGKILL');
    expect(await program.ended).toBeNull();
    await until(() => processesOf(home).length === 0);

    program = start();
    await program.says('Ctrl-C stops everything');
    expect(program.out()).toContain('the last run did not end properly');
    expect(await storedRecords()).toEqual([recordId]);
    program.kill('SIGTERM');
    expect(await program.ended).toBe(0);
    expect(processesOf(home)).toEqual([]);
  }, 600_000);

  it('keeps its cluster out of a path that is too deep, and says where it is', () => {
    const cluster = readFileSync(join(data, 'postgres'), 'utf8').trim();
    expect(dirname(cluster)).toBe('/var/tmp');
    expect(existsSync(join(cluster, 'data', 'PG_VERSION'))).toBe(true);
  });
});
