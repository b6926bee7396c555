import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { certifying } from './world/certifying.ts';
import { batchOf, disposing } from './world/disposing.ts';
import type { Batch, Shown } from './world/disposing.ts';
import {
  EPOCH_ONCE,
  disclosed,
  endSessions,
  erasedEvents,
  judgedLog,
  letInstancesFallSilent,
  operationsOf,
  runToTheEnd,
} from './world/epoch-outcome.ts';
import { FaultPoints, VARIANTS } from './world/fault-points.ts';
import type { Fate, Variant } from './world/fault-points.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

/** Every step for `npm run test:faults`; here some of them, others for each way to go wrong. */
const STRIDE = process.env['FAULT_KILLS'] === undefined ? 7 : 1;
/** A guard against a hang; every step of one fate takes three minutes on two cores. */
const WITHIN_MS = 900_000;
const MORE_THAN_ENOUGH = 200;
let world: World;
let sound: RunningVault;
let tenant: Tenant;
let staying: Stored[];

beforeAll(async () => {
  world = await createWorld();
  sound = await world.startVault({ quiet: true });
  tenant = await world.createTenant(sound, 't-001');
  staying = await storeNumbers(sound, tenant, 3);
});
afterAll(() => world.close());

async function orderedBatch(): Promise<Batch> {
  const calls = disposing(sound, tenant);
  const batch = await calls.approved(batchOf(await storeNumbers(sound, tenant, 2)));
  await calls.order(batch);
  return batch;
}

const stateOf = async (batch: Batch) => (await disposing(sound, tenant).show(batch)).body as Shown;

/** Orders a batch whose epoch goes wrong at a step and is finished by somebody. The batch, and the step. */
async function interrupted(at: number, variant: Variant, fate: Fate) {
  const faults = new FaultPoints();
  const faulty = await world.startVault({ quiet: true, faults });
  const batch = await orderedBatch();
  await letInstancesFallSilent(world);
  faults.order({ at, variant, fate });
  const running = faulty.runEpochs().catch(() => undefined);
  await Promise.race([running, faults.strikes]);
  if (fate !== 'lives') await endSessions(world, faults.sessions());
  await letInstancesFallSilent(world);
  await runToTheEnd(fate === 'lives' ? faulty : sound, tenant, batch);
  faults.letGo();
  if (fate !== 'dies') await running;
  if (fate === 'stalls') await faulty.runEpochs().catch(() => undefined);
  // Nobody waits for a process that died: what is left of it goes with the world.
  if (fate !== 'dies') await faulty.close();
  return { batch, struck: faults.struck };
}

async function expectErasedOnce(batch: Batch): Promise<void> {
  const { state, epoch } = await stateOf(batch);
  expect(state).toBe('erased');
  const { entries, faults } = await judgedLog(sound, world);
  expect(operationsOf(entries, epoch)).toEqual(EPOCH_ONCE);
  expect(faults).toEqual([]);
  expect(await erasedEvents(world, batch)).toEqual(batch.recordIds.map(() => 1));
  const ids = [...batch.recordIds, ...staying.map(({ recordId }) => recordId)];
  expect(await disclosed(sound, tenant, ids)).toEqual([
    ...batch.recordIds.map(() => 'already-disposed'),
    ...staying.map(({ label }) => label),
  ]);
  await expect(certifying(sound, world).issue(batch, tenant)).resolves.toBeDefined();
}

const FATES: [Fate, string][] = [
  ['lives', 'is taken up by the same process'],
  ['dies', 'is taken up by another process'],
  ['stalls', 'is finished by another process, and the first one, late, changes nothing'],
];
const CASES = FATES.flatMap(([fate, what], first) =>
  VARIANTS.map((variant, second) => ({ fate, what, variant, first: first * 2 + second })),
);

describe('an epoch that goes wrong at any of its steps', () => {
  it.each(CASES)(
    '$what when the step $variant',
    async ({ fate, variant, first }) => {
      const struck: string[] = [];
      for (let at = 1 + (first % STRIDE); at < MORE_THAN_ENOUGH; at += STRIDE) {
        const interruption = await interrupted(at, variant, fate);
        await expectErasedOnce(interruption.batch);
        if (interruption.struck === undefined) break;
        struck.push(interruption.struck);
      }
      expect(struck.length).toBeGreaterThan(2);
    },
    WITHIN_MS,
  );
});
