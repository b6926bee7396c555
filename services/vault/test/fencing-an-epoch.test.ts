import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rootLabel } from '@mnv/erasure-tree';
import { asAdministrator } from './world/as-administrator.ts';
import { batchOf, disposing } from './world/disposing.ts';
import type { Batch, Shown } from './world/disposing.ts';
import { letInstancesFallSilent, runToTheEnd } from './world/epoch-outcome.ts';
import { FaultPoints } from './world/fault-points.ts';
import { DEPLOYMENT } from './world/running-vault.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Tenant, World } from './world.ts';

const LATER = rootLabel(DEPLOYMENT, 99);

let world: World;
let vault: RunningVault;
let faults: FaultPoints;
let tenant: Tenant;
let batch: Batch;

beforeEach(async () => {
  world = await createWorld();
  faults = new FaultPoints();
  vault = await world.startVault({ quiet: true, faults });
  tenant = await world.createTenant(vault, 't-001');
  batch = await disposing(vault, tenant).approved(batchOf(await storeNumbers(vault, tenant, 2)));
  await disposing(vault, tenant).order(batch);
  await letInstancesFallSilent(world);
});
afterEach(() => world.close());

async function jobs(): Promise<string[]> {
  const query = 'select state from vault.epoch_job order by epoch';
  const rows = await asAdministrator<{ state: string }>(world.database, query);
  return rows.map(({ state }) => state);
}

/** The custodian has a root version that no epoch of this database made: the database may be an old one. */
async function closeFence(): Promise<void> {
  await world.root.create(LATER);
  const told = await vault.call('/internal/control-log/memory', { witnesses: [] });
  expect(told.body).toMatchObject({ state: 'reconciling', reasons: ['root-newer'] });
}

/** Two persons are not what is tried here. */
async function openFence(): Promise<void> {
  await world.root.scheduleDestroy(LATER, 0);
  await asAdministrator(
    world.database,
    `update vault.reconciliation set done_by = 'test', done_at = now() where done_at is null`,
  );
  const told = await vault.call('/internal/control-log/memory', { witnesses: [] });
  expect(told.body).toMatchObject({ state: 'serving' });
}

const stateOfBatch = async () => ((await disposing(vault, tenant).show(batch)).body as Shown).state;

describe('an epoch, while the restore fence is closed', () => {
  it('is not begun, and is when it opens', async () => {
    await closeFence();
    await vault.runEpochs();
    expect(await jobs()).toEqual([]);
    expect(await stateOfBatch()).toBe('frozen');
    await openFence();
    await runToTheEnd(vault, tenant, batch);
  });

  it('stands still after the step it is at, and goes on when it opens', async () => {
    faults.order({ at: /root create/, variant: 'failed', fate: 'stalls' });
    const running = vault.runEpochs();
    await faults.strikes;
    await closeFence();
    faults.letGo();
    await running;
    expect(await jobs()).toEqual(['rooted']);
    await vault.runEpochs();
    expect(await jobs()).toEqual(['rooted']);
    await openFence();
    await runToTheEnd(vault, tenant, batch);
  });
});
