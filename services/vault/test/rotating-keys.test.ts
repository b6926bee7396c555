import { afterEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { rootLabel } from '@mnv/erasure-tree';
import type { ControlEntry } from '@mnv/protocol';
import { problemOf } from './world/answers.ts';
import { entriesOf, openControlLog, until } from './world/control-log.ts';
import { disclosed as outcomesFor, letInstancesFallSilent } from './world/epoch-outcome.ts';
import { FaultPoints } from './world/fault-points.ts';
import { orderRotation, showRotation } from './world/rotating.ts';
import type { ShownRotation } from './world/rotating.ts';
import { DEPLOYMENT } from './world/running-vault.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

const CALL = { deadlineMs: 20_000 };

let world: World;
afterEach(() => world.close());

type Done = Required<ShownRotation>;

async function rotated(vault: RunningVault, rotationId = randomUUID()): Promise<Done> {
  expect((await orderRotation(world, vault, { rotationId })).status).toBe(202);
  return until(async () => {
    const shown = await showRotation(vault, rotationId);
    return shown.state === 'done' ? (shown as Done) : undefined;
  });
}

/** How it ended, told by a vault that does nothing by itself. */
async function doneRotation(quiet: RunningVault, rotationId: string): Promise<Done> {
  return until(async () => {
    await quiet.runEpochs();
    const shown = await showRotation(quiet, rotationId);
    return shown.state === 'done' ? (shown as Done) : undefined;
  });
}

const disclosed = (vault: RunningVault, tenant: Tenant, stored: readonly Stored[]) =>
  outcomesFor(
    vault,
    tenant,
    stored.map(({ recordId }) => recordId),
  );

const logOf = async (vault: RunningVault): Promise<ControlEntry[]> =>
  entriesOf(await openControlLog(vault, world.controlVkey));

describe('a rotation', () => {
  it('gives every key anew: nothing is left under the old root, and every living record opens', async () => {
    world = await createWorld();
    const vault = await world.startVault();
    const tenants = [];
    for (const tenantId of ['t-001', 't-002']) {
      const tenant = await world.createTenant(vault, tenantId);
      tenants.push({ tenant, stored: await storeNumbers(vault, tenant, 70) });
    }
    const { epoch, rotatedIndex } = await rotated(vault);

    const log = await logOf(vault);
    expect(log[rotatedIndex]).toMatchObject({ op: 'erasure.rotated', epoch, cnt: 0 });
    const ops = log.map(({ op }) => op).filter((op) => /^(?:erasure|root)\./.test(op));
    expect(ops).toEqual([
      'root.created',
      'erasure.intent',
      'root.created',
      'erasure.flipped',
      'root.disabled',
      'erasure.fenced',
      'erasure.rotated',
    ]);
    expect(await world.root.status(rootLabel(DEPLOYMENT, 1))).toBe('disabled');
    expect(await world.root.status(rootLabel(DEPLOYMENT, epoch))).toBe('enabled');
    // One that has nothing in memory, and could not open the old root version if it wanted to.
    const fresh = await world.startVault();
    for (const { tenant, stored } of tenants)
      expect(await disclosed(fresh, tenant, stored)).toEqual(stored.map(({ label }) => label));
  });

  it('leaves nothing under the old root of what was stored while it ran, and loses none of it', async () => {
    world = await createWorld();
    const [one, other] = [await world.startVault(), await world.startVault()];
    const tenant = await world.createTenant(one, 't-001');
    const stored = await storeNumbers(one, tenant, 130);
    const id = randomUUID();
    const rotating = { done: false };
    const shown = rotated(one, id).finally(() => (rotating.done = true));
    for (let turn = 0; !rotating.done || turn < 3; turn += 1)
      stored.push(...(await storeNumbers([one, other][turn % 2] as RunningVault, tenant, 3)));
    const { rotatedIndex } = await shown;

    expect((await logOf(one))[rotatedIndex]).toMatchObject({ op: 'erasure.rotated', cnt: 0 });
    for (let from = 0; from < stored.length; from += 100) {
      const some = stored.slice(from, from + 100);
      expect(await disclosed(other, tenant, some)).toEqual(some.map(({ label }) => label));
    }
  });

  it('takes along the leaves that were given out behind it, before the flip', async () => {
    world = await createWorld();
    const faults = new FaultPoints();
    const rotating = await world.startVault({ quiet: true, faults });
    const other = await world.startVault({ quiet: true });
    const tenant = await world.createTenant(other, 't-001');
    const stored = await storeNumbers(other, tenant, 3);
    const rotationId = randomUUID();
    await orderRotation(world, other, { rotationId });
    await letInstancesFallSilent(world);
    // Every node has its fresh key, and the top key is about to be sealed.
    faults.order({ at: /root seal/, variant: 'failed', fate: 'stalls' });
    const running = rotating.runEpochs();
    await Promise.race([running, faults.strikes]);
    stored.push(...(await storeNumbers(other, tenant, 140)));
    await letInstancesFallSilent(world);
    faults.letGo();
    await running;

    const { rotatedIndex } = await doneRotation(rotating, rotationId);
    expect((await logOf(other))[rotatedIndex]).toMatchObject({ op: 'erasure.rotated', cnt: 0 });
    for (const some of [stored.slice(0, 100), stored.slice(100)])
      expect(await disclosed(other, tenant, some)).toEqual(some.map(({ label }) => label));
  });

  it('asked for twice is one, and is for administrators of the operator company alone', async () => {
    world = await createWorld();
    const vault = await world.startVault();
    const id = randomUUID();
    const first = await rotated(vault, id);
    expect(await rotated(vault, id)).toEqual(first);
    const order = async (who: object) =>
      problemOf(await orderRotation(world, vault, { rotationId: randomUUID(), ...who }));
    expect(await order({ scope: 'disposal:approve' })).toBe('403 scope-missing');
    expect(await order({ tenant: 't-001' })).toBe('404 not-found');
    const asDisposal = await vault.asDisposal.json('/internal/rotations', {}, CALL);
    expect(problemOf(asDisposal)).toBe('403 not-permitted');
    expect((await logOf(vault)).filter(({ op }) => op === 'erasure.rotated')).toHaveLength(1);
  });
});
