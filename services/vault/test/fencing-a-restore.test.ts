import { randomBytes } from 'node:crypto';
import { copyFile, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createFileRoot } from '@mnv/erasure-tree';
import type { ServiceAnswer } from '@mnv/service-kit';
import {
  cosigner,
  formatCheckpoint,
  newLogKey,
  newWitnessKey,
  noteSigner,
  signNote,
} from '@mnv/transparency-log';
import { problemOf } from './world/answers.ts';
import { openControlLog } from './world/control-log.ts';
import { logAndMakeTicket, makeIntent } from './world/intent.ts';
import type { RunningVault } from './world/running-vault.ts';
import { CONTROL_ORIGIN, createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

const RESTORING = '503 vault-restoring';
const NOTHING_SEEN = { witnesses: [] };
const stateOf = ({ body }: ServiceAnswer) => body as { state: string; reasons: string[] };

let world: World;
let tenant: Tenant;
let stored: Stored;
let place: string;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'fence-'));
});
afterAll(() => rm(place, { recursive: true }));
afterEach(() => world.close());

/** A vault with a tenant and a record, and another instance of it that nobody has told anything. */
async function beganAgain(changes: Parameters<World['startVault']>[0] = {}): Promise<RunningVault> {
  world = await createWorld();
  const first = await world.startVault(changes.root ? { root: changes.root } : {});
  tenant = await world.createTenant(first, 't-001');
  [stored] = (await storeNumbers(first, tenant)) as [Stored];
  await first.close();
  return world.startVault({ ...changes, tellMemory: false });
}

const tell = (vault: RunningVault, memory: object) =>
  vault.call('/internal/control-log/memory', memory);
const restoreState = async (vault: RunningVault) =>
  stateOf(await vault.call('/internal/restore-state', undefined));
const reasonsTold = async (vault: RunningVault, memory: object = NOTHING_SEEN) =>
  stateOf(await tell(vault, memory)).reasons;

async function disclose(vault: RunningVault): Promise<string> {
  const recordIds = [stored.recordId];
  const intent = await makeIntent(tenant.client, { tenant: tenant.tenantId, recordIds });
  return problemOf(
    await vault.call('/internal/disclosures', logAndMakeTicket(tenant.log, [intent])),
  );
}

const storeOne = (vault: RunningVault) =>
  storeNumbers(vault, tenant).then(
    () => 'stored',
    (error: Error) => error.message,
  );

async function expectServing(vault: RunningVault): Promise<void> {
  expect(await disclose(vault)).toMatch(/^200/);
  expect(await storeOne(vault)).toBe('stored');
}

async function expectClosed(vault: RunningVault): Promise<void> {
  expect(await disclose(vault)).toBe(RESTORING);
  expect(await storeOne(vault)).toContain(RESTORING);
  const asked = { tenantId: 't-009', logOrigin: world.newOrigin() };
  expect(problemOf(await world.askForTenant(vault, asked))).toBe(RESTORING);
}

const controlSize = async (vault: RunningVault) =>
  (await openControlLog(vault, world.controlVkey)).checkpoint;

/** A checkpoint of the control log as the vault's own key would sign it. */
const noteOf = (size: number, root: Uint8Array, key = world.controlKey) =>
  signNote(formatCheckpoint({ origin: CONTROL_ORIGIN, size, root }), [
    noteSigner(CONTROL_ORIGIN, key),
  ]);

describe('a vault that begins', () => {
  it('releases, stores and makes nothing until it is told what is remembered of its log', async () => {
    const vault = await beganAgain();
    await expectClosed(vault);
    expect(await restoreState(vault)).toEqual({
      state: 'reconciling',
      reasons: ['unheard'],
      size: 1,
    });
    expect(await reasonsTold(vault)).toEqual([]);
    await expectServing(vault);
  });

  it('says so in its health', async () => {
    const vault = await beganAgain();
    const health = await vault.call('/health/ready', undefined);
    expect(health).toMatchObject({ status: 200, body: { status: 'ready', state: 'reconciling' } });
  });

  it('believes no word that was said before it began', async () => {
    const vault = await beganAgain();
    await tell(vault, NOTHING_SEEN);
    await vault.close();
    const next = await world.startVault({ tellMemory: false });
    expect((await restoreState(next)).reasons).toEqual(['unheard']);
  });

  it('goes on when the newest checkpoint that was seen is its own', async () => {
    const vault = await beganAgain();
    const { size, root } = await controlSize(vault);
    expect(await reasonsTold(vault, { seen: noteOf(size, root), witnesses: [] })).toEqual([]);
  });

  it('believes no checkpoint that its own key did not sign', async () => {
    const vault = await beganAgain();
    const { size, root } = await controlSize(vault);
    const { privateKey } = newLogKey(CONTROL_ORIGIN);
    const answer = await tell(vault, { seen: noteOf(size, root, privateKey), witnesses: [] });
    expect(problemOf(answer)).toBe('400 invalid-request');
    await expectClosed(vault);
  });
});

describe('a database that is older than what is remembered', () => {
  it.each([
    ['more of the control log was seen', () => noteOf(99, randomBytes(32)), 'log-behind'],
    ['another control log was seen', () => noteOf(1, randomBytes(32)), 'log-differs'],
  ])('is refused when %s, and stays so whatever is said later', async (_, seen, reason) => {
    const vault = await beganAgain();
    const before = await controlSize(vault);
    // The fence looks by itself too, and may have noted it before it answers.
    expect(await reasonsTold(vault, { seen: seen(), witnesses: [] })).toContain(reason);
    await expectClosed(vault);
    expect(await reasonsTold(vault)).toEqual(['reconciliation-due']);
    await expectClosed(vault);
    await vault.close();
    const next = await world.startVault();
    expect((await restoreState(next)).reasons).toEqual(['reconciliation-due']);
    expect(await controlSize(next)).toEqual(before);
  });

  it('is refused while it runs as well', async () => {
    const vault = await beganAgain();
    await tell(vault, NOTHING_SEEN);
    await expectServing(vault);
    await tell(vault, { seen: noteOf(99, randomBytes(32)), witnesses: [] });
    await expectClosed(vault);
    expect(vault.logged()).toContain('nothing is released, stored or erased');
  });
});

describe('an external witness', () => {
  const witness = newWitnessKey('witness.test');
  const sign = cosigner('witness.test', witness.privateKey);
  const policyWithWitness = () =>
    `log ${world.logVkey}\nlog ${world.controlVkey}\nwitness outside ${witness.vkey}\nquorum none\n`;

  async function beganWithWitness(): Promise<RunningVault> {
    const unwatched = await beganAgain();
    await unwatched.close();
    return world.startVault({ policy: policyWithWitness(), tellMemory: false });
  }

  async function cosignedAt(vault: RunningVault, ms: number): Promise<object> {
    const { size, root } = await controlSize(vault);
    const note = noteOf(size, root);
    const cosigned = note + sign.cosign(note, Math.floor(ms / 1000));
    return { seen: note, witnesses: [{ cosigned }] };
  }

  it('has to be heard beside the proxy, whose database may have been restored too', async () => {
    const vault = await beganWithWitness();
    expect(await reasonsTold(vault)).toEqual(['unheard']);
    expect(await reasonsTold(vault, await cosignedAt(vault, Date.now()))).toEqual([]);
    await expectServing(vault);
  });

  it('is not heard by a cosignature from before', async () => {
    const vault = await beganWithWitness();
    const old = await cosignedAt(vault, Date.now() - 600_000);
    expect(await reasonsTold(vault, old)).toEqual(['unheard']);
  });

  it.each([
    ['more', { size: 99 }, 'log-behind'],
    ['something else', {}, 'log-differs'],
  ])('closes the fence when it cosigned %s', async (_, setBack, reason) => {
    const vault = await beganWithWitness();
    await tell(vault, await cosignedAt(vault, Date.now()));
    const memory = { witnesses: [{ name: 'outside', setBack }] };
    expect(await reasonsTold(vault, memory)).toEqual([reason]);
    await expectClosed(vault);
  });
});

describe('the custodian of the root versions', () => {
  async function onFileRoot() {
    const directory = await mkdtemp(join(place, 'root-'));
    const file = join(directory, 'roots.json');
    const keyFile = join(directory, 'key');
    await writeFile(keyFile, randomBytes(32), { mode: 0o600 });
    const root = createFileRoot({ file, keyFile });
    return { file, keyFile, root, vault: await beganAgain({ root }) };
  }

  it('closes the fence by a newer root version when no epoch runs, until people have looked', async () => {
    const { root, vault } = await onFileRoot();
    expect(await reasonsTold(vault)).toEqual([]);
    await root.create('mnv-root-test-2');
    expect(await reasonsTold(vault)).toEqual(['root-newer']);
    await expectClosed(vault);
    await root.scheduleDestroy('mnv-root-test-2', 0);
    expect(await reasonsTold(vault)).toEqual(['reconciliation-due']);
  });

  it('closes the fence when it no longer has the root version of the tree', async () => {
    const { root, vault } = await onFileRoot();
    await root.disable('mnv-root-test-1');
    expect(await reasonsTold(vault)).toEqual(['root-lost']);
  });

  it.each([
    ['is open to others', async (file: string) => chmod(file, 0o644), 'open to others'],
    ['is gone', async (file: string) => rm(file), 'the root file is gone'],
    [
      'was altered',
      async (file: string) => writeFile(file, '{"version":1}', { mode: 0o600 }),
      'the root file is damaged',
    ],
  ])('closes the fence when its file %s, and logs so, until it is mended', async (_, harm, why) => {
    const { file, vault } = await onFileRoot();
    await tell(vault, NOTHING_SEEN);
    await copyFile(file, `${file}.kept`);
    await harm(file);
    expect(await reasonsTold(vault)).toEqual(['root-unreadable']);
    expect(vault.logged()).toContain(why);
    await expectClosed(vault);
    await rm(file, { force: true });
    await copyFile(`${file}.kept`, file);
    await chmod(file, 0o600);
    expect(await reasonsTold(vault)).toEqual([]);
    await expectServing(vault);
  });

  it('keeps a vault from beginning on an empty database beside root versions of later epochs', async () => {
    world = await createWorld();
    await world.root.create('mnv-root-test-7');
    await expect(world.startVault()).rejects.toThrow(/VAULT_ROOT_FILE.*later epochs exist/);
  });

  it('closes the fence when an old copy of its file is put back', async () => {
    const { file, root, vault } = await onFileRoot();
    await copyFile(file, `${file}.old`);
    await root.create('mnv-root-other-1');
    await copyFile(`${file}.old`, file);
    expect(await reasonsTold(vault)).toEqual(['root-unreadable']);
  });

  it('closes the fence when the key file is another at the start, until the right one is back', async () => {
    const { keyFile, file, vault } = await onFileRoot();
    await vault.close();
    await copyFile(keyFile, `${keyFile}.kept`);
    await writeFile(keyFile, randomBytes(32), { mode: 0o600 });
    const root = createFileRoot({ file, keyFile });
    const next = await world.startVault({ root, tellMemory: false });
    expect(await reasonsTold(next)).toEqual(['root-unreadable']);
    expect(next.logged()).toContain('the key file is not the one this root file was made with');
    await expectClosed(next);
    await copyFile(`${keyFile}.kept`, keyFile);
    expect(await reasonsTold(next)).toEqual([]);
    await expectServing(next);
  });
});
