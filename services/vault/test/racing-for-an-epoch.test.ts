import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rootLabel } from '@mnv/erasure-tree';
import { asAdministrator } from './world/as-administrator.ts';
import { certifying } from './world/certifying.ts';
import { batchOf, disposing } from './world/disposing.ts';
import type { Batch, Shown } from './world/disposing.ts';
import {
  EPOCH_ONCE,
  endSessions,
  judgedLog,
  letInstancesFallSilent,
  loseLock,
  operationsOf,
  runToTheEnd,
} from './world/epoch-outcome.ts';
import { FaultPoints } from './world/fault-points.ts';
import type { Variant } from './world/fault-points.ts';
import { DEPLOYMENT } from './world/running-vault.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Tenant, World } from './world.ts';

const INSERT = /insert into control_batch/;

let world: World;
let vault: RunningVault;
let tenant: Tenant;
const stalled: FaultPoints[] = [];

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault({ quiet: true });
  tenant = await world.createTenant(vault, 't-001');
});
afterAll(async () => {
  // Also after a test that failed: nobody closes what stands still.
  for (const faults of stalled) faults.letGo();
  await world.close();
});

async function orderedBatch(): Promise<Batch> {
  const calls = disposing(vault, tenant);
  const batch = await calls.approved(batchOf(await storeNumbers(vault, tenant, 2)));
  await calls.order(batch);
  await letInstancesFallSilent(world);
  return batch;
}

const epochOf = async (batch: Batch) =>
  ((await disposing(vault, tenant).show(batch)).body as Shown).epoch;

/** The newest job, and how often it was taken over. */
async function newestJob() {
  const query = 'select epoch, state, fence::int from vault.epoch_job order by epoch desc limit 1';
  const [job] = await asAdministrator<{ epoch: number; state: string; fence: number }>(
    world.database,
    query,
  );
  return job;
}

async function expectErasedOnce(batch: Batch): Promise<void> {
  const { entries, faults } = await judgedLog(vault, world);
  expect(operationsOf(entries, await epochOf(batch))).toEqual(EPOCH_ONCE);
  expect(faults).toEqual([]);
  await expect(certifying(vault, world).issue(batch, tenant)).resolves.toBeDefined();
}

/** A runner that stands still where a step begins, and holds the lock. */
async function stalledAt(at: RegExp, variant: Variant = 'failed') {
  const faults = new FaultPoints();
  stalled.push(faults);
  const runner = await world.startVault({ quiet: true, faults });
  const batch = await orderedBatch();
  faults.order({ at, variant, fate: 'stalls' });
  const running = runner.runEpochs().catch(() => undefined);
  await Promise.race([running, faults.strikes]);
  expect(faults.struck).toMatch(at);
  return { batch, faults, running };
}

/** A stop whose process dies before its entry: the log has not grown by it. `over` when it gives up. */
async function stopWithoutEntry(batch: Batch) {
  const faults = new FaultPoints();
  const dying = await world.startVault({ quiet: true, faults });
  faults.order({ at: INSERT, variant: 'failed', fate: 'dies' });
  const stopping = disposing(dying, tenant).stop(batch);
  await Promise.race([stopping, faults.strikes]);
  expect(faults.struck).toMatch(INSERT);
  return { over: stopping };
}

describe('instances that all look for an epoch to run', () => {
  it('run each epoch once, one after the other', async () => {
    const polling = await Promise.all([1, 2, 3].map(() => world.startVault()));
    const batches: Batch[] = [];
    for (let n = 0; n < 4; n += 1) batches.push(await orderedBatch());
    const calls = disposing(vault, tenant);
    await Promise.all(batches.map((batch) => calls.reaches(batch, 'erased')));
    await Promise.all(polling.map((one) => one.close()));
    for (const batch of batches) await expectErasedOnce(batch);
  });

  it('leave alone one that another instance runs, however long a step of it takes', async () => {
    const { batch, faults, running } = await stalledAt(/root create/);
    const before = await newestJob();
    await vault.runEpochs();
    expect(await newestJob()).toEqual(before);
    faults.letGo();
    await running;
    await runToTheEnd(vault, tenant, batch);
    await expectErasedOnce(batch);
  });

  it('take over from one that died with the lock', async () => {
    const { batch, faults, running } = await stalledAt(/root create/);
    await endSessions(world, faults.sessions());
    await letInstancesFallSilent(world);
    await runToTheEnd(vault, tenant, batch);
    await expectErasedOnce(batch);
    faults.letGo();
    await running;
  });

  it('refuse what a runner writes that another one took over from, in the very same state', async () => {
    const { batch, faults, running } = await stalledAt(/intent_index/);
    await loseLock(world);
    const mine = new FaultPoints();
    const other = await world.startVault({ quiet: true, faults: mine });
    mine.order({ at: /intent_index/, variant: 'failed', fate: 'lives' });
    await expect(other.runEpochs()).rejects.toThrow('died');
    const taken = await newestJob();
    expect(taken).toMatchObject({ state: 'proved' });

    faults.letGo();
    await running;
    expect(await newestJob()).toEqual(taken);
    await letInstancesFallSilent(world);
    await runToTheEnd(other, tenant, batch);
    await expectErasedOnce(batch);
  });
});

describe('a runner that lost its lock, and comes back when another one has aborted the epoch', () => {
  const CREATE = /root create/;
  it.each([
    ['announces nothing', { at: INSERT, variant: 'failed', written: [] }],
    ['takes back a root version it makes', { at: CREATE, variant: 'failed' }],
    ['names no root version it had made', { at: CREATE, variant: 'failed, but persisted' }],
  ] as const)('%s', async (_, { at, variant, ...expected }) => {
    const { written } = { written: ['erasure.intent', 'erasure.aborted'], ...expected };
    const { batch, faults, running } = await stalledAt(at, variant);
    const epoch = await epochOf(batch);
    await loseLock(world);
    const { over } = await stopWithoutEntry(batch);
    await vault.runEpochs();
    expect(await newestJob()).toMatchObject({ epoch, state: 'aborted' });

    faults.letGo();
    await running;
    const { entries } = await judgedLog(vault, world);
    expect(operationsOf(entries, epoch)).toEqual(written);
    const root = await world.root.status(rootLabel(DEPLOYMENT, epoch));
    expect(['unknown', 'pending', 'destroyed']).toContain(root);
    const next = await orderedBatch();
    await runToTheEnd(vault, tenant, next);
    await expectErasedOnce(next);
    expect((await over).status).toBe(503);
  });

  describe('and dies when it has made the root version', () => {
    const fenceReasons = async () =>
      (
        (await vault.call('/internal/control-log/memory', { witnesses: [] })).body as {
          reasons: string[];
        }
      ).reasons;

    /** An aborted epoch, and what its first runner may still do to the custodian. */
    async function abortedWhileStalled() {
      const { batch, faults, running } = await stalledAt(CREATE);
      const epoch = await epochOf(batch);
      await loseLock(world);
      const { over } = await stopWithoutEntry(batch);
      await vault.runEpochs();
      expect(await newestJob()).toMatchObject({ epoch, state: 'aborted' });
      const label = rootLabel(DEPLOYMENT, epoch as number);
      const end = async () => {
        faults.letGo();
        await running;
        expect((await over).status).toBe(503);
      };
      return { label, makes: () => world.root.create(label), end };
    }

    async function expectNoTrace(label: string, next: Batch): Promise<void> {
      await runToTheEnd(vault, tenant, next);
      await expectErasedOnce(next);
      expect(await fenceReasons()).toEqual([]);
      expect(['pending', 'destroyed']).toContain(await world.root.status(label));
      // It came into no log, so it leaves none: an old root version taken out of use is named there.
      const { entries } = await judgedLog(vault, world);
      expect(entries.filter((entry) => 'root' in entry && entry.root === label)).toEqual([]);
    }

    it('leaves one that is destroyed before the next epoch is planned', async () => {
      const { label, makes, end } = await abortedWhileStalled();
      await makes();
      const next = await stalledAt(CREATE);
      expect(['pending', 'destroyed']).toContain(await world.root.status(label));
      expect(await fenceReasons()).toEqual([]);
      next.faults.letGo();
      await next.running;
      await letInstancesFallSilent(world);
      await expectNoTrace(label, next.batch);
      await end();
    });

    it('leaves one that is destroyed before an epoch is fenced, which would name it', async () => {
      const { label, makes, end } = await abortedWhileStalled();
      // It has flipped, and acknowledges that; what it does next is to fence.
      const next = await stalledAt(/^update vault_instance/);
      expect(await newestJob()).toMatchObject({ state: 'flipped' });
      await makes();
      next.faults.letGo();
      await next.running;
      await expectNoTrace(label, next.batch);
      await end();
    });

    it('closes no fence, whatever epoch runs by then', async () => {
      const { label, makes, end } = await abortedWhileStalled();
      const next = await stalledAt(CREATE);
      await makes();
      expect(await fenceReasons()).toEqual([]);
      next.faults.letGo();
      await next.running;
      await letInstancesFallSilent(world);
      await expectNoTrace(label, next.batch);
      await end();
    });
  });
});
