import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rootLabel } from '@mnv/erasure-tree';
import { batchHashOf } from '@mnv/protocol';
import { asAdministrator } from './world/as-administrator.ts';
import { certifying } from './world/certifying.ts';
import { batchOf, disposing } from './world/disposing.ts';
import type { Batch, Shown } from './world/disposing.ts';
import {
  EPOCH_ONCE,
  disclosed,
  judgedLog,
  letInstancesFallSilent,
  operationsOf,
  runToTheEnd,
} from './world/epoch-outcome.ts';
import { FaultPoints, VARIANTS } from './world/fault-points.ts';
import type { Fault } from './world/fault-points.ts';
import { DEPLOYMENT } from './world/running-vault.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

const MORE_THAN_ENOUGH = 200;

let world: World;
let vault: RunningVault;
let faults: FaultPoints;
let tenant: Tenant;

beforeAll(async () => {
  world = await createWorld();
  faults = new FaultPoints();
  vault = await world.startVault({ quiet: true, faults });
  tenant = await world.createTenant(vault, 't-001');
});
afterAll(() => world.close());

const POINTS = {
  'only announced': { at: /root create/, variant: 'failed' },
  'with a root version that nobody named yet': {
    at: /root create/,
    variant: 'failed, but persisted',
  },
  'with its root version made': { at: /set state = \$1 where/, variant: 'failed' },
} as const satisfies Record<string, Pick<Fault, 'at' | 'variant'>>;

/** Two batches of an epoch that has come so far and no further. */
async function begunEpoch(point: Pick<Fault, 'at' | 'variant'>) {
  const calls = disposing(vault, tenant);
  const stored = await storeNumbers(vault, tenant, 2);
  const batches = [batchOf(stored), batchOf(await storeNumbers(vault, tenant, 2))] as const;
  for (const batch of batches) {
    await calls.approved(batch);
    await calls.order(batch);
  }
  await letInstancesFallSilent(world);
  faults.order({ ...point, fate: 'lives' });
  await expect(vault.runEpochs()).rejects.toThrow('died');
  const { state, epoch } = (await calls.show(batches[0])).body as Shown;
  expect(state).toBe('intent');
  return { stored, batch: batches[0], other: batches[1], epoch };
}

async function isAborted(epoch: number): Promise<boolean> {
  const query = 'select state from vault.epoch_job where epoch = $1';
  const [job] = await asAdministrator<{ state: string }>(world.database, query, [epoch]);
  return job?.state === 'aborted';
}

async function expectAborted(epoch: number): Promise<void> {
  const { entries } = await judgedLog(vault, world);
  const operations = operationsOf(entries, epoch).filter((op) => op !== 'root.created');
  expect(operations).toEqual(['erasure.intent', 'erasure.aborted']);
  expect(['unknown', 'pending', 'destroyed']).toContain(
    await world.root.status(rootLabel(DEPLOYMENT, epoch)),
  );
}

async function expectReadable(stored: readonly Stored[]): Promise<void> {
  const ids = stored.map(({ recordId }) => recordId);
  expect(await disclosed(vault, tenant, ids)).toEqual(stored.map(({ label }) => label));
}

/** The other batch of the epoch was approved as before, and waits for the next one. */
async function expectNextEpoch(other: Batch, aborted: number): Promise<void> {
  await runToTheEnd(vault, tenant, other);
  const { epoch } = (await disposing(vault, tenant).show(other)).body as Shown;
  expect(epoch).toBeGreaterThan(aborted);
  const { entries, faults: found } = await judgedLog(vault, world);
  expect(operationsOf(entries, epoch)).toEqual(EPOCH_ONCE);
  expect(found).toEqual([]);
  await expect(certifying(vault, world).issue(other, tenant)).resolves.toBeDefined();
}

describe.each(Object.entries(POINTS))('an epoch %s', (_, point) => {
  it.each(['stop', 'hold'] as const)('is aborted by a %s of one of its batches', async (act) => {
    const { stored, batch, other, epoch } = await begunEpoch(point);
    expect((await disposing(vault, tenant)[act](batch)).status).toBe(200);
    await expectReadable(stored);
    await expectNextEpoch(other, epoch);
    await expectAborted(epoch);
    await expectReadable(stored);
    const { entries } = await judgedLog(vault, world);
    const op = act === 'stop' ? 'disposal.stopped' : 'disposal.held';
    const hash = batchHashOf(batch.recordIds);
    expect(entries.filter((entry) => entry.op === op && entry.batch === hash)).toHaveLength(1);
  });
});

describe.each(VARIANTS)('an abort of which any step %s', (variant) => {
  it('is carried to its end, once', async () => {
    for (let at = 1; at < MORE_THAN_ENOUGH; at += 1) {
      const { stored, batch, other, epoch } = await begunEpoch(
        POINTS['with its root version made'],
      );
      await disposing(vault, tenant).stop(batch);
      faults.order({ at, variant, fate: 'lives' });
      await vault.runEpochs().catch(() => undefined);
      const isOver = await isAborted(epoch);
      await expectNextEpoch(other, epoch);
      await expectAborted(epoch);
      await expectReadable(stored);
      if (isOver) break;
    }
  });
});
