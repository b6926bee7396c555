import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { outcomesOf } from './world/answers.ts';
import { asAdministrator } from './world/as-administrator.ts';
import type { ProxyLog } from './world/proxy-log.ts';
import type { RunningVault } from './world/running-vault.ts';
import { showRequest } from './world/show-request.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

let world: World;
let vaults: [RunningVault, RunningVault];
let tenant: Tenant;
let one: Stored;
let left: ProxyLog;
let right: ProxyLog;

beforeAll(async () => {
  world = await createWorld();
  vaults = [await world.startVault(), await world.startVault()];
});
afterAll(() => world.close());

/** Both instances know the log up to two entries; then it has two histories. */
beforeEach(async () => {
  tenant = await world.createTenant(vaults[0], `t-${randomUUID().slice(0, 8)}`);
  [one] = (await storeNumbers(vaults[0], tenant, 1)) as [Stored];
  left = tenant.log;
  for (const vault of vaults) expect(await show(vault, left)).toEqual([[one.label]]);
  right = left.fork();
});

const show = async (vault: RunningVault, log: ProxyLog, from?: number) =>
  outcomesOf(await showRequest(vault, tenant, { log, one, from }));

async function acceptedSizes(): Promise<number[]> {
  const rows = await asAdministrator<{ size: string }>(
    world.database,
    'select size from vault.seen_checkpoint where log_id = $1 order by size',
    [tenant.log.origin],
  );
  return rows.map((row) => Number(row.size));
}

describe('two instances that are each shown half of a fork', () => {
  it.each([0, 1])(
    'find it within one request, the second half proven from what both know, %i entries apart',
    async (apart) => {
      expect(await show(vaults[0], left)).toEqual([[one.label]]);
      right.append(Array.from({ length: apart }, () => randomBytes(8)));
      expect(await show(vaults[1], right, 2)).toEqual(['503 log-forked']);
    },
  );

  it('ask for the proof that cannot be given when the halves are far apart', async () => {
    expect(await show(vaults[0], left)).toEqual([[one.label]]);
    right.append(Array.from({ length: 5 }, () => randomBytes(8)));
    expect(await show(vaults[1], right, 2)).toEqual(['409 checkpoint-unproven']);
    expect(await show(vaults[1], right, 3)).toEqual(['503 log-forked']);
  });

  it.each([0, 1, 5])(
    'release by one half at most at the same moment, %i entries apart',
    async (apart) => {
      right.append(Array.from({ length: apart }, () => randomBytes(8)));
      const outcomes = await whileNothingIsStored(() => [
        show(vaults[0], left, 2),
        show(vaults[1], right, 2),
      ]);
      // None at all when the fork is found before the accepted half has released.
      const released = outcomes.flat().filter((outcome) => Array.isArray(outcome));
      expect([[], [[one.label]]]).toContainEqual(released);
    },
  );

  it('accept no checkpoint of it any more once it is found', async () => {
    await show(vaults[0], left);
    await show(vaults[1], right);
    const accepted = await acceptedSizes();
    expect(await show(vaults[0], left)).toEqual(['503 log-forked']);
    expect(await acceptedSizes()).toEqual(accepted);
  });
});

/** Begins both, holds back the storing of checkpoints until both are about to, and lets them go. */
async function whileNothingIsStored<T>(begin: () => Promise<T>[]): Promise<T[]> {
  const pool = world.database.pool('postgres', { max: 2 });
  const session = await pool.connect();
  await session.query('begin');
  await session.query('lock table vault.seen_checkpoint in share mode');
  const begun = Promise.all(begin());
  const waiting = `select count(*)::int as n from pg_stat_activity
    where datname = current_database() and usename = 'vault_service' and wait_event_type = 'Lock'`;
  while ((await pool.query<{ n: number }>(waiting)).rows[0]?.n !== 2);
  await session.query('rollback');
  session.release();
  return begun;
}
