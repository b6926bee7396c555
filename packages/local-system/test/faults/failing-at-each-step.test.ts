import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { checkHistory } from './check-history.ts';
import { checkLedger } from './check-ledger.ts';
import { work } from './client-ledger.ts';
import type { FaultWorld, LinkName } from './fault-world.ts';
import { startFaultWorld } from './fault-world.ts';

/** As many crashes as the run of random kills has; few in the short one. */
const CRASHES = Math.ceil(Number(process.env['FAULT_KILLS'] ?? 1) / 20);
const FULL = process.env['FAULT_KILLS'] !== undefined;
/** What a request may take at most, and a moment for a machine that is busy. */
const WITHIN_MS = 2_000 + 1_000;
const BYTES_A_STEP = 400;
const MOST_STEPS = 60;

let world: FaultWorld;
beforeAll(async () => {
  world = await startFaultWorld();
});
afterAll(() => world.stop(), 60_000);

/** Lets something fail under one disclosure, then lets the system recover. */
async function failing(link: LinkName, fail: (link: FaultWorld['links'][LinkName]) => void) {
  await world.recovers();
  const before = await world.releases();
  const broken = world.links[link];
  fail(broken);
  const attempt = await world.attempt();
  broken.heal();
  broken.reset();
  const remembered = (await world.releases()) - before;
  await world.recovers();
  return { ...attempt, remembered };
}

/** Waits for a condition that a slow machine reaches late, and no machine never. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('it did not come to that');
    await pause(20);
  }
}

async function expectOneHistory(): Promise<void> {
  const { ledger, operator } = world;
  const { endpoints } = world.system;
  const auditor = world.connect('auditor-1');
  expect(await checkHistory(endpoints, { auditor, ledger })).toEqual({
    logOk: true,
    releasedNotLogged: 0,
    deliveredNotReleased: 0,
    sizesWithTwoRoots: 0,
  });
  expect(await checkLedger(endpoints, { ledger, operator, auditor })).toEqual({
    logOk: true,
    releasedAndLogged: ledger.released.length,
    releasedAndRemembered: ledger.released.length,
    storedAndPresent: ledger.stored.size,
  });
}

describe('a disclosure under which a step fails', () => {
  it.each<[LinkName, string, 'to-server' | 'to-client', number[]]>([
    ['proxy to its database', 'the entry was not stored', 'to-server', [0]],
    ['proxy to its database', 'the entry was stored, nobody knows', 'to-client', [0]],
    ['proxy to vault', 'the ticket did not arrive', 'to-server', [0]],
    ['proxy to vault', 'the answer was lost', 'to-client', [1]],
    ['vault to its database', 'the release was not stored', 'to-server', [0]],
    ['vault to its database', 'the release was stored, nobody knows', 'to-client', [0, 1]],
  ])('%s: is refused in time when %s', async (link, _what, direction, remembered) => {
    const ended = await failing(link, (broken) => broken.cut(direction));

    expect(ended).toMatchObject({ released: false });
    expect(ended.code).toMatch(
      /^(log|vault|database)-unavailable$|^deadline-exceeded$|^overloaded$/,
    );
    expect(ended.ms).toBeLessThan(WITHIN_MS);
    expect(remembered).toContain(ended.remembered);
  });

  (FULL ? it.each : it.skip.each)<LinkName>([
    'proxy to its database',
    'proxy to vault',
    'vault to its database',
  ])(
    '%s: is answered truly wherever the connection breaks',
    async (link) => {
      for (const direction of ['to-server', 'to-client'] as const) {
        let untouched = 0;
        for (let step = 0; step < MOST_STEPS && untouched < 3; step += 1) {
          const ended = await failing(link, (broken) =>
            broken.dropAfter(direction, 1 + step * BYTES_A_STEP),
          );
          expect(ended.ms).toBeLessThan(WITHIN_MS);
          if (ended.released) expect(ended.remembered).toBeGreaterThan(0);
          untouched = ended.released ? untouched + 1 : 0;
        }
      }
    },
    900_000,
  );

  it('leaves one history, in which everything released is logged', async () => {
    await expectOneHistory();
  });
});

describe('a commit that waits for a standby and is told not to', () => {
  /** Makes every commit wait for a standby that does not exist, and cancels one wait of an application. */
  async function cancelledWait(application: string) {
    await world.recovers();
    await world.admin.query(`set synchronous_commit = local`);
    const before = await world.releases();
    await world.admin.query(`alter system set synchronous_standby_names = 'nobody'`);
    await world.admin.query(`select pg_reload_conf()`);
    await untilShown('nobody');
    const asking = world.attempt();
    await cancelWaiting(application);
    await world.admin.query(`alter system reset synchronous_standby_names`);
    await world.admin.query(`select pg_reload_conf()`);
    const attempt = await asking;
    await untilShown('');
    return { ...attempt, remembered: (await world.releases()) - before };
  }

  const untilShown = (value: string): Promise<void> =>
    until(async () => {
      const { rows } = await world.admin.query<{ shown: string }>(
        `select current_setting('synchronous_standby_names') as shown`,
      );
      return rows[0]?.shown === value;
    });

  /** The wait may end by the service's own deadline first: then there is nothing to cancel, and no release. */
  async function cancelWaiting(application: string): Promise<void> {
    const end = Date.now() + 3_000;
    while (Date.now() < end) {
      const { rowCount } = await world.admin.query(
        `select pg_cancel_backend(pid) from pg_stat_activity
          where application_name = $1 and wait_event = 'SyncRep'`,
        [application],
      );
      if (rowCount) return;
      await pause(5);
    }
  }

  it('is not believed: nothing is released for an entry that may be lost with its server', async () => {
    const ended = await cancelledWait('access-proxy log');

    expect(ended).toMatchObject({ released: false, remembered: 0 });
    expect(ended.ms).toBeLessThan(WITHIN_MS);
    await world.recovers();
  });
});

describe('a database that is stopped at once, under load', () => {
  it('loses nothing that was acknowledged, and the system comes back by itself', async () => {
    const stop = new AbortController();
    const workers = Array.from({ length: 4 }, () =>
      work(world.operator, world.ledger, stop.signal),
    );
    try {
      for (let crash = 0; crash < CRASHES; crash += 1) {
        const had = world.ledger.released.length;
        await until(() => Promise.resolve(world.ledger.released.length >= had + 20));
        // What `pg_ctl stop -m immediate` sends.
        process.kill(world.system.pids()['PostgreSQL']!, 'SIGQUIT');
        await pause(500);
        await world.recovers();
      }
    } finally {
      stop.abort();
      await Promise.all(workers);
    }
    await expectOneHistory();
  }, 900_000);
});
