import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { createKysely, createLogger, createPool } from '@mnv/service-kit';
import type { FaultyProxy } from '@mnv/testing';
import type { Pool } from 'pg';
import type { ControlLog } from '../src/control/control-log.ts';
import { openControlLog as openLog } from '../src/control/open-control-log.ts';
import type { VaultDatabase } from '../src/database.ts';
import { asAdministrator } from './world/as-administrator.ts';
import { entriesOf, openControlLog } from './world/control-log.ts';
import { DIRECTIONS, startFailingDatabase } from './world/failing-database.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

/** Time for a pool to hear that its idle connections are gone. */
const NOTICE_MS = 15;
const STEP = 151;

let world: World;
let vault: RunningVault;
const pools: Pool[] = [];

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault();
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.end()));
  await world.close();
});

/** The control log as one more instance holds it. Doubts are told to `onDoubt`. */
async function instance(
  dsn = world.database.dsnOf('vault_service'),
  onDoubt: () => void = () => undefined,
): Promise<ControlLog> {
  const pool = createPool({
    setting: 'TEST',
    connectionString: dsn,
    max: 2,
    applicationName: 'vault',
  });
  pools.push(pool);
  const log = createLogger({ service: 'vault', level: 'error', transports: [] });
  const { controlLog } = await openLog({
    deployment: 'test',
    db: createKysely<VaultDatabase>(pool),
    pool,
    signingKey: world.controlKey,
    mapHead: () => Promise.reject(new Error('the log was begun already')),
    requireMayGrow: () => undefined,
    requireHeld: () => Promise.resolve(),
    log: { ...log, error: onDoubt },
    clock: Date.now,
  });
  return controlLog;
}

/** An event that is told from all others by its count. */
const event = (cnt: number) => ({ op: 'internal.opened' as const, reason: 'scrub' as const, cnt });

async function countsRecorded(): Promise<number[]> {
  const entries = await entriesOf(await openControlLog(vault, world.controlVkey));
  return entries.flatMap((entry) => (entry.op === 'internal.opened' ? [entry.cnt] : []));
}

let used = 0;
const fresh = () => {
  used += 1;
  return used;
};

describe('instances that append to the control log at once', () => {
  it('make one log, in which every event stands once where it was said to be', async () => {
    const logs = await Promise.all([instance(), instance(), instance()]);
    const wanted = Array.from({ length: 60 }, fresh);
    const recorded = await Promise.all(
      wanted.map((cnt, at) => (logs[at % 3] as ControlLog).append([event(cnt)])),
    );
    const entries = await entriesOf(await openControlLog(vault, world.controlVkey));
    wanted.forEach((cnt, at) =>
      expect(entries[recorded[at]?.first ?? -1]).toMatchObject({ op: 'internal.opened', cnt }),
    );
    expect((await countsRecorded()).toSorted((a, b) => a - b)).toEqual(wanted);
  });

  it('append on a condition only while the log is as long as they believe', async () => {
    const [one, other] = await Promise.all([instance(), instance()]);
    const before = (await openControlLog(vault, world.controlVkey)).checkpoint.size;
    const [first, second] = [fresh(), fresh()];
    const outcomes = await Promise.all([
      one.append([event(first)], { onlyAt: before }),
      other.append([event(second)], { onlyAt: before }),
    ]);
    expect(outcomes.filter((outcome) => outcome !== undefined)).toHaveLength(1);
    const counts = await countsRecorded();
    expect([first, second].filter((cnt) => counts.includes(cnt))).toHaveLength(1);
  });

  it('append on a condition behind what another instance appended', async () => {
    const [one, other] = await Promise.all([instance(), instance()]);
    await one.append([event(fresh())]);
    const behind = await other.append([event(fresh())]);
    const recorded = await one.append([event(fresh())], { onlyAt: behind?.size ?? 0 });
    expect(recorded?.first).toBe(behind?.size);
  });
});

describe('appending while the connection to the database dies, at every point of it', () => {
  it.each(DIRECTIONS)('records each event once when it says so (%s)', async (direction) => {
    const database = await startFailingDatabase(world.database.dsnOf('vault_service'));
    const { proxy } = database;
    const doubts = watchDoubts(proxy);
    const log = await instance(database.dsn, doubts.report);
    await log.append([event(fresh())]);

    let unanswered = 0;
    const dieAfter = async (bytes: number) => {
      proxy.reset();
      await pause(NOTICE_MS);
      proxy.dropAfter(direction, bytes);
      const [before, cnt] = [doubts.seen(), fresh()];
      const recorded = await log.append([event(cnt)]);
      proxy.heal();
      const sizes = (await doubts.sizes()).slice(before);
      if (sizes.some((size) => size === recorded?.size)) unanswered += 1;
      expect((await countsRecorded()).filter((one) => one === cnt)).toEqual([cnt]);
      return doubts.seen() > before;
    };
    let budget = 1;
    for (; await dieAfter(budget); budget += STEP);
    expect(doubts.seen()).toBeGreaterThan(3);
    if (direction === 'to-client') {
      for (let fine = budget - STEP; fine < budget; fine += 7) await dieAfter(fine);
      expect(unanswered).toBeGreaterThan(0);
    }
    await proxy.close();
  });
});

/** Heals the database at a doubt, and looks then how long the log is: what was not answered may be there. */
function watchDoubts(proxy: FaultyProxy) {
  const looks: Promise<number>[] = [];
  const size = async () => {
    const query = 'select max(start + n)::int as n from vault.control_batch';
    const [row] = await asAdministrator<{ n: number }>(world.database, query);
    return row?.n ?? 0;
  };
  return {
    report: () => {
      looks.push(size());
      proxy.heal();
    },
    seen: () => looks.length,
    sizes: () => Promise.all(looks),
  };
}

describe('a control log that was set back', () => {
  it('is appended to no more by an instance that knew it longer', async () => {
    const log = await instance();
    const recorded = await log.append([event(fresh())]);
    await asAdministrator(world.database, 'delete from vault.control_batch where start = $1', [
      recorded?.first,
    ]);
    await expect(log.append([event(fresh())])).rejects.toMatchObject({ code: 'log-unavailable' });
    const { checkpoint } = await openControlLog(vault, world.controlVkey);
    expect(checkpoint.size).toBe(recorded?.first);
  });
});
