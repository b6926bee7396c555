import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { newRecord } from '../command-line/new-record.ts';
import type { Got, World } from './world.ts';
import { startWorld } from './world.ts';

const T = '/v1/tenants/t-001';
/** What a request may take at most, and a moment for a machine that is busy. */
const WITHIN_MS = 2_000 + 1_000;
let world: World;
let token: string;
let recordId: string;
let stopped: number[] = [];

beforeAll(async () => {
  world = await startWorld();
  ({ recordId } = await world.as('operator-1').storeRecord(newRecord('E-1')));
  token = await world.tokenOf('operator-1');
});
afterEach(() => goOn());
afterAll(() => world.stop());

function halt(...pids: number[]): void {
  stopped = pids;
  send('SIGSTOP', pids);
}
function goOn(): void {
  send('SIGCONT', stopped);
  stopped = [];
}
/** A session of the database may have ended since it was looked up. */
function send(signal: NodeJS.Signals, pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

const disclose = () =>
  world.send({
    path: `${T}/disclosures`,
    token,
    body: { recordId },
    headers: { 'mynumber-request': world.signed([recordId]) },
  });

async function timed(work: Promise<Got>): Promise<{ got: Got; ms: number }> {
  const begun = performance.now();
  const got = await work;
  return { got, ms: performance.now() - begun };
}

/** Asks until numbers are released again: nobody has to help. */
async function recovers(): Promise<void> {
  const end = Date.now() + 20_000;
  while ((await disclose()).status !== 200) {
    if (Date.now() > end) throw new Error('the system did not recover');
    await pause(100);
  }
}

const outcomesSince = async (before: number, enough: number) =>
  (await world.entriesSince(before, enough))
    .filter(({ k }) => k === 'outcome')
    .map(({ dec }) => dec);

describe('losing the vault', () => {
  it('refuses in time when it does not answer, and says that the number may have left', async () => {
    const before = (await world.entriesOf('t-001')).length;
    halt(world.system.pids()['vault']!);
    const { got, ms } = await timed(disclose());
    expect([got.status, world.codeOf(got), got.headers['retry-after']]).toEqual([
      503,
      'vault-unavailable',
      '1',
    ]);
    expect(ms).toBeLessThan(WITHIN_MS);
    expect(await outcomesSince(before, 2)).toEqual(['unknown']);
    goOn();
    await recovers();
  });

  it('refuses in time when it is gone, says that nothing left, and works with the next one', async () => {
    const vault = world.system.pids()['vault']!;
    process.kill(vault, 'SIGKILL');
    await pause(50);
    const before = (await world.entriesOf('t-001')).length;
    const { got, ms } = await timed(disclose());
    expect([got.status, world.codeOf(got)]).toEqual([503, 'vault-unavailable']);
    expect(ms).toBeLessThan(WITHIN_MS);
    const [ending] = await outcomesSince(before, 2);
    expect(['failed', 'unknown']).toContain(ending);
    await recovers();
    expect(world.system.pids()['vault']).not.toBe(vault);
  });

  it('answers a chunk of a stream with a problem, and the stream goes on', async () => {
    halt(world.system.pids()['vault']!);
    const lines = [[recordId], [recordId]].map((recordIds) =>
      JSON.stringify({ request: world.signed(recordIds), recordIds }),
    );
    const headers = { 'content-type': 'application/x-ndjson' };
    const got = await world.send({
      path: `${T}/disclosures/batch`,
      token,
      headers,
      body: lines.join('\n'),
    });
    expect(got.status).toBe(200);
    expect(got.text.match(/problem:vault-unavailable/g)).toHaveLength(2);
    goOn();
    await recovers();
  });
});

describe('losing the database', () => {
  it('refuses everything in time while it does not answer, and recovers by itself', async () => {
    const { rows } = await world.access.query<{ pid: number }>(
      `select pid from pg_stat_activity where usename = 'access_service'`,
    );
    // What the registers said is forgotten by then: every part of a request has to ask.
    await pause(1_100);
    halt(...rows.map(({ pid }) => pid), world.system.pids()['PostgreSQL']!);
    const asked = await Promise.all([
      timed(disclose()),
      timed(world.send({ path: `${T}/records/${recordId}`, token })),
      timed(
        world.send({
          path: `${T}/records`,
          token,
          body: newRecord('lost'),
          headers: { 'idempotency-key': 'abcdefgh' },
        }),
      ),
      timed(world.send({ path: '/health/ready' })),
      timed(world.send({ path: `${T}/records/${recordId}`, token: 'none' })),
    ]);
    expect(asked.map(({ got }) => got.status)).toEqual([503, 503, 503, 503, 503]);
    for (const { ms } of asked) expect(ms).toBeLessThan(WITHIN_MS);
    expect((await world.send({ path: '/health/live' })).status).toBe(200);
    goOn();
    await recovers();
    const before = (await world.entriesOf('t-001')).length;
    expect((await disclose()).status).toBe(200);
    expect(await outcomesSince(before, 2)).toContain('delivered');
  });

  it('refuses in time when it is stopped, and recovers when it is back', async () => {
    process.kill(world.system.pids()['PostgreSQL']!, 'SIGINT');
    // It ends what it has begun first, and is back in less than a second.
    let asked = await timed(disclose());
    while (asked.got.status === 200) asked = await timed(disclose());
    expect(asked.got.status).toBe(503);
    expect(asked.ms).toBeLessThan(WITHIN_MS);
    await recovers();
  });

  it('has one sound log after all that', async () => {
    const auditor = world.as('auditor-1');
    const note = Buffer.from((await auditor.readLog('checkpoint'))!).toString();
    expect(Number(note.split('\n')[1])).toBeLessThanOrEqual(
      (await world.entriesOf('t-001')).length,
    );
    const times = (await world.entriesOf('t-001')).map(({ t }) => t);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });
});
