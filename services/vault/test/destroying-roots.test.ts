import { afterEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rootLabel } from '@mnv/erasure-tree';
import type { RootProvider } from '@mnv/erasure-tree';
import { fixedClock } from '@mnv/testing';
import { asAdministrator } from './world/as-administrator.ts';
import { entriesOf, openControlLog } from './world/control-log.ts';
import { batchOf, disposing } from './world/disposing.ts';
import { orderRotation, showRotation } from './world/rotating.ts';
import { DEPLOYMENT } from './world/running-vault.ts';
import type { RunningVault, VaultParts } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Tenant, World } from './world.ts';

const GRACE_MS = 3_600_000;

type Changes = Pick<VaultParts, 'faults' | 'clock'> & { graceMs?: number };

let world: World;
let vault: RunningVault;
let tenant: Tenant;
let rootClock: ReturnType<typeof fixedClock>;
afterEach(() => world.close());

/** A vault with records that does nothing by itself; the custodian's clock stands still. */
async function quietVault(): Promise<void> {
  rootClock = fixedClock(Date.now());
  world = await createWorld({ rootClock: rootClock.now });
  vault = await another();
  tenant = await world.createTenant(vault, 't-001');
  await storeNumbers(vault, tenant, 3);
}

const another = ({ graceMs = GRACE_MS, ...changes }: Changes = {}) =>
  world.startVault({
    quiet: true,
    epochs: { graceMs },
    exportTo: world.exportDirectories,
    ...changes,
  });

/** What an instance does whose clock is the custodian's; it is gone afterwards, so that no epoch waits for it. */
async function runLate(changes: Omit<Changes, 'clock'> = {}): Promise<void> {
  const late = await another({ ...changes, clock: rootClock.now });
  await late.runEpochs();
  await late.close();
}

async function rotate(): Promise<void> {
  const rotationId = randomUUID();
  await orderRotation(world, vault, { rotationId });
  // An instance that a busy machine kept from acknowledging in time is waited for.
  do await vault.runEpochs();
  while ((await showRotation(vault, rotationId)).state !== 'done');
}

const root = (epoch: number) => rootLabel(DEPLOYMENT, epoch);
const statusOf = (...epochs: number[]) =>
  Promise.all(epochs.map((epoch) => world.root.status(root(epoch))));
const entries = async () => entriesOf(await openControlLog(vault, world.controlVkey));

/** What the control log says of the destruction of root versions, in its order. */
async function destructions(): Promise<string[]> {
  return (await entries()).flatMap((entry) =>
    entry.op === 'root.destroy-scheduled' || entry.op === 'root.destroyed'
      ? [`${entry.op} ${entry.epoch}`]
      : [],
  );
}

describe('an old root version', () => {
  it('is kept while no export under a newer one was restored and sampled', async () => {
    await quietVault();
    await vault.exports.exportNow();
    await rotate();
    rootClock.advance(2 * GRACE_MS);
    await vault.runEpochs();
    expect(await destructions()).toEqual([]);
    expect(await statusOf(1, 2)).toEqual(['disabled', 'enabled']);
  });

  it('is kept while that export does not lie in every place', async () => {
    await quietVault();
    await rotate();
    await vault.exports.exportNow();
    await loseAPlaceOfExports();
    await vault.runEpochs();
    expect(await destructions()).toEqual([]);
    expect(await statusOf(1)).toEqual(['disabled']);
  });

  it('is kept when that export is lost after its destruction was announced', async () => {
    await quietVault();
    await rotate();
    await vault.exports.exportNow();
    await vault.runEpochs();
    expect(await destructions()).toEqual(['root.destroy-scheduled 1']);
    await loseAPlaceOfExports();
    rootClock.advance(2 * GRACE_MS);
    await runLate();
    expect(await statusOf(1)).toEqual(['disabled']);

    await vault.exports.exportNow();
    await runLate();
    expect(await statusOf(1)).toEqual(['destroyed']);
  });

  it('goes before the younger ones when the grace was shortened', async () => {
    await quietVault();
    await rotate();
    await vault.exports.exportNow();
    await vault.runEpochs();
    await rotate();
    await vault.exports.exportNow();
    rootClock.advance(GRACE_MS / 2);
    await runLate({ graceMs: 0 });
    expect(await statusOf(1, 2, 3)).toEqual(['destroyed', 'destroyed', 'enabled']);
    expect(await destructions()).toEqual([
      'root.destroy-scheduled 1',
      'root.destroy-scheduled 1',
      'root.destroyed 1',
      'root.destroy-scheduled 2',
      'root.destroyed 2',
    ]);
  });

  it('is not kept longer than announced when the grace was made longer', async () => {
    await quietVault();
    await rotate();
    await vault.exports.exportNow();
    await vault.runEpochs();
    rootClock.advance(2 * GRACE_MS);
    await runLate({ graceMs: 10 * GRACE_MS });
    expect(await destructions()).toEqual(['root.destroy-scheduled 1', 'root.destroyed 1']);
  });

  it('is destroyed when the grace since its replacement is over, and the log says so once', async () => {
    await quietVault();
    await rotate();
    await vault.exports.exportNow();
    await vault.runEpochs();
    expect(await statusOf(1)).toEqual(['disabled']);
    const [row] = await asAdministrator<{ at: Date }>(
      world.database,
      'select flipped_at as at from vault.epoch_job where epoch = 2',
    );
    const dueAt = (row?.at.getTime() ?? 0) + GRACE_MS;
    expect(await entries()).toContainEqual(
      expect.objectContaining({ op: 'root.destroy-scheduled', root: root(1), at: dueAt }),
    );

    rootClock.advance(dueAt - rootClock.now() - 1);
    await runLate();
    expect(await statusOf(1)).toEqual(['disabled']);
    expect(await destructions()).toEqual(['root.destroy-scheduled 1']);

    rootClock.advance(1);
    await runLate();
    await runLate();
    expect(await statusOf(1, 2)).toEqual(['destroyed', 'enabled']);
    expect(await destructions()).toEqual(['root.destroy-scheduled 1', 'root.destroyed 1']);
  });

  it('waits for those before it, and the newest verified export bounds which may go', async () => {
    await quietVault();
    await rotate();
    await rotate();
    await vault.exports.exportNow();
    await rotate();
    await vault.runEpochs();
    const announced = ['root.destroy-scheduled 1', 'root.destroy-scheduled 2'];
    expect(await destructions()).toEqual(announced);
    await vault.exports.exportNow();
    await vault.runEpochs();
    rootClock.advance(2 * GRACE_MS);
    await runLate();
    await runLate();
    expect(await destructions()).toEqual([
      ...announced,
      'root.destroy-scheduled 3',
      'root.destroyed 1',
      'root.destroyed 2',
      'root.destroyed 3',
    ]);
  });

  it('keeps the younger ones while its custodian has not destroyed it', async () => {
    await quietVault();
    await rotate();
    await rotate();
    await vault.exports.exportNow();
    rootClock.advance(2 * GRACE_MS);
    await runLate({ faults: { pool: (pool) => pool, root: keepsTheFirst } });
    expect(await statusOf(1, 2)).toEqual(['disabled', 'disabled']);
    await runLate();
    expect(await statusOf(1, 2)).toEqual(['destroyed', 'destroyed']);
  });

  it('that no entry ever named goes without being named', async () => {
    await quietVault();
    const dying = await another({ faults: { pool: (pool) => pool, root: diesAfterCreate } });
    await vault.close();
    vault = dying;
    const calls = disposing(vault, tenant);
    const batch = await calls.approved(batchOf(await storeNumbers(vault, tenant, 2)));
    expect((await calls.order(batch)).status).toBe(202);
    await expect(vault.runEpochs()).rejects.toThrow('the process died here');
    expect(await statusOf(2)).toEqual(['enabled']);

    await vault.close();
    vault = await another();
    expect((await disposing(vault, tenant).stop(batch)).status).toBe(200);
    await vault.runEpochs();
    rootClock.advance(GRACE_MS / 2);
    expect(await statusOf(2)).toEqual(['destroyed']);
    await rotate();
    await vault.exports.exportNow();
    await vault.runEpochs();
    rootClock.advance(2 * GRACE_MS);
    await runLate();
    expect(await destructions()).toEqual(['root.destroy-scheduled 1', 'root.destroyed 1']);
  });
});

async function loseAPlaceOfExports(): Promise<void> {
  const [, second = ''] = world.exportDirectories;
  for (const name of await readdir(second)) await rm(join(second, name), { recursive: true });
}

function diesAfterCreate(root: RootProvider): RootProvider {
  return {
    ...root,
    create: async (ref) => {
      await root.create(ref);
      throw new Error('the process died here');
    },
  };
}

function keepsTheFirst(provider: RootProvider): RootProvider {
  return {
    ...provider,
    scheduleDestroy: (ref, notBefore) =>
      ref === root(1)
        ? Promise.resolve({ effectiveAt: notBefore })
        : provider.scheduleDestroy(ref, notBefore),
  };
}
