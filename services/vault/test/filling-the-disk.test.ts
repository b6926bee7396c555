import { randomBytes } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createFileRoot, rootLabel } from '@mnv/erasure-tree';
import { canMountSmallDisk, mountSmallDisk } from '@mnv/testing';
import type { SmallDisk } from '@mnv/testing';
import { outcomesOf } from './world/answers.ts';
import { certifying } from './world/certifying.ts';
import { until } from './world/control-log.ts';
import { batchOf, disposing } from './world/disposing.ts';
import type { Batch, Shown } from './world/disposing.ts';
import {
  EPOCH_ONCE,
  erasedEvents,
  judgedLog,
  letInstancesFallSilent,
  operationsOf,
  runToTheEnd,
} from './world/epoch-outcome.ts';
import { FaultPoints } from './world/fault-points.ts';
import { logAndMakeTicket, makeIntent } from './world/intent.ts';
import { DEPLOYMENT } from './world/running-vault.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

/** Every step for `npm run test:faults`; here a few of them. */
const STRIDE = process.env['FAULT_KILLS'] === undefined ? 12 : 1;
const WITHIN_MS = 900_000;
const MORE_THAN_ENOUGH = 200;
const MEBIBYTES = 64;
const KEYS = 'roots.key';
const described = canMountSmallDisk() ? describe : describe.skip;

type Places = { database: SmallDisk; files: SmallDisk };

let places: Places;
let world: World;
let changes: Parameters<World['startVault']>[0];
let sound: RunningVault;
let tenant: Tenant;
let staying: Stored[];

/** A vault whose database has a disk of its own, and its root versions and exports another one. */
async function start(): Promise<void> {
  places = {
    database: mountSmallDisk({ mebibytes: MEBIBYTES }),
    files: mountSmallDisk({ mebibytes: MEBIBYTES }),
  };
  world = await createWorld();
  await world.database.moveTo(places.database.directory);
  const { directory } = places.files;
  const keyFile = join(directory, KEYS);
  await writeFile(keyFile, randomBytes(32), { mode: 0o600 });
  const root = createFileRoot({ file: join(directory, 'roots.json'), keyFile });
  changes = { quiet: true, root };
  sound = await world.startVault(changes);
  tenant = await world.createTenant(sound, 't-001');
  staying = await storeNumbers(sound, tenant, 70);
}

async function stop(): Promise<void> {
  await world.close();
  for (const disk of Object.values(places)) disk.remove();
}

/** An epoch that finds the disk full at a step, and room again when it has run into that. */
async function withoutRoomAt(at: number, full: SmallDisk) {
  const faults = new FaultPoints();
  const working = await world.startVault({ ...changes, faults });
  const calls = disposing(sound, tenant);
  const batch = await calls.approved(batchOf(await storeNumbers(sound, tenant, 2)));
  await calls.order(batch);
  await letInstancesFallSilent(world);
  faults.order({ at, variant: 'failed', fate: 'stalls' });
  const running = working.runEpochs().then(
    () => undefined,
    (error: unknown) => error as { code?: string },
  );
  await Promise.race([running, faults.strikes]);
  await full.fill();
  faults.letGo();
  const fault = await running;
  const seen = await outcomeOf(batch.recordIds);
  await full.free();
  await letInstancesFallSilent(world);
  await runToTheEnd(working, tenant, batch);
  await working.close();
  return { batch, seen, struck: faults.struck, code: fault?.code };
}

/** A vault without room may refuse the ticket; else it answers about each record. */
const releasedIn = (outcome: string | string[] | undefined) =>
  Array.isArray(outcome) ? outcome.filter((one) => one !== 'already-disposed') : [];

/** What is answered about these records, the log proven from where the vault knows it: a refusal forgot some. */
async function outcomeOf(recordIds: readonly string[]) {
  const newTicket = async () =>
    logAndMakeTicket(tenant.log, [
      await makeIntent(tenant.client, { tenant: tenant.tenantId, recordIds: [...recordIds] }),
    ]);
  const answer = await sound.call('/internal/disclosures', await newTicket());
  const { newestSize } = answer.body as { newestSize?: number };
  if (newestSize === undefined) return outcomesOf(answer)[0];
  const ticket = await newTicket();
  const consistency = tenant.log.consistency(newestSize, tenant.log.size);
  return outcomesOf(await sound.call('/internal/disclosures', { ...ticket, consistency }))[0];
}

/** The same of a vault that has room; a quiet one does not renew its lease before it is asked. */
const answered = (recordIds: readonly string[]) =>
  until(async () => {
    const outcome = await outcomeOf(recordIds);
    return typeof outcome === 'string' ? undefined : outcome;
  });

async function expectErasedOnce(batch: Batch): Promise<void> {
  const { epoch } = (await disposing(sound, tenant).show(batch)).body as Shown;
  const { entries, faults } = await judgedLog(sound, world);
  expect(operationsOf(entries, epoch)).toEqual(EPOCH_ONCE);
  expect(faults).toEqual([]);
  expect(await erasedEvents(world, batch)).toEqual(batch.recordIds.map(() => 1));
  const ids = [...batch.recordIds, ...staying.map(({ recordId }) => recordId)];
  expect(await answered(ids)).toEqual([
    ...batch.recordIds.map(() => 'already-disposed'),
    ...staying.map(({ label }) => label),
  ]);
  await expect(certifying(sound, world).issue(batch, tenant)).resolves.toBeDefined();
}

described('an epoch whose disk is full from one of its steps on', () => {
  beforeAll(start);
  afterAll(stop);

  it.each([
    ['of the database', 'database', '53100'],
    ['of the root versions', 'files', 'ENOSPC'],
  ] as const)(
    'leaves nothing half done, releases no number of it, and goes on when there is room: the disk %s',
    async (_, place, code) => {
      const codes = new Set<string | undefined>();
      for (let at = 1; at < MORE_THAN_ENOUGH; at += STRIDE) {
        const found = await withoutRoomAt(at, places[place]);
        expect(releasedIn(found.seen)).toEqual([]);
        await expectErasedOnce(found.batch);
        codes.add(found.code);
        if (found.struck === undefined) break;
      }
      expect(codes).toContain(code);
    },
    WITHIN_MS,
  );
});

described('an export whose disk is full', () => {
  let disk: SmallDisk;
  beforeAll(async () => {
    disk = mountSmallDisk({ mebibytes: 2 });
    world = await createWorld();
  });
  afterAll(async () => {
    await world.close();
    disk.remove();
  });

  it('leaves no part of a file, and no old root version is destroyed until there is room', async () => {
    const exportTo = [disk.directory, ...world.exportDirectories.slice(0, 1)];
    const vault = await world.startVault({ quiet: true, exportTo });
    const one = await world.createTenant(vault, 't-001');
    const calls = disposing(vault, one);
    const batch = await calls.approved(batchOf(await storeNumbers(vault, one, 2)));
    await calls.order(batch);
    await runToTheEnd(vault, one, batch);
    const oldRoot = async () => {
      await vault.runEpochs();
      return world.root.status(rootLabel(DEPLOYMENT, 1));
    };

    await disk.fill();
    const failure = 'the key tree is not in every place';
    await expect(vault.exports.exportNow()).rejects.toThrow(failure);
    const files = await readdir(disk.directory);
    expect(files.filter((name) => name.startsWith('key-tree-'))).toEqual([]);
    expect(await oldRoot()).toBe('disabled');
    await disk.free();
    await vault.exports.exportNow();
    expect(['pending', 'destroyed']).toContain(await oldRoot());
  });
});
