import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectForbidden } from '@mnv/testing';
import { newLogKey, parsePolicy } from '@mnv/transparency-log';
import { readControlKey } from '../src/control/control-key.ts';
import { asAdministrator } from './world/as-administrator.ts';
import { controlFiles, entriesOf, openControlLog, until } from './world/control-log.ts';
import { logAndMakeTicket, makeIntent } from './world/intent.ts';
import type { RunningVault } from './world/running-vault.ts';
import { CONTROL_ORIGIN, createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

let world: World;
let tenant: Tenant;

beforeAll(async () => {
  world = await createWorld();
  const vault = await world.startVault();
  tenant = await world.createTenant(vault, 't-001');
});
afterAll(() => world.close());

const opened = async (vault = world.startVault()) => openControlLog(await vault, world.controlVkey);

async function discloseOne(): Promise<void> {
  const vault = await world.startVault();
  const [one] = (await storeNumbers(vault, tenant)) as [Stored];
  const intent = await makeIntent(tenant.client, {
    tenant: tenant.tenantId,
    recordIds: [one.recordId],
  });
  const answer = await vault.call('/internal/disclosures', logAndMakeTicket(tenant.log, [intent]));
  expect(answer.status).toBe(200);
}

describe('the control log', () => {
  it('begins with the root version in use, before any number is taken', async () => {
    const log = await opened();
    const [first] = await entriesOf(log);
    expect(log.checkpoint.origin).toBe(CONTROL_ORIGIN);
    expect(first).toMatchObject({ op: 'root.created', root: 'mnv-root-test-1', epoch: 1 });
  });

  it('is begun once, however many instances start', async () => {
    const fresh = await createWorld();
    const [vault] = await Promise.all(Array.from({ length: 5 }, () => fresh.startVault()));
    const log = await openControlLog(vault as RunningVault, fresh.controlVkey);
    expect((await entriesOf(log)).map(({ op }) => op)).toEqual(['root.created']);
    await fresh.close();
  });

  it('records the newest accepted checkpoint of an access log, once, and grows by proof', async () => {
    const before = await opened();
    await discloseOne();
    const vault = await world.startVault();
    const after = await until(async () => {
      const log = await openControlLog(vault, world.controlVkey);
      return log.checkpoint.size > before.checkpoint.size ? log : undefined;
    });

    expect(await after.extends(before.checkpoint)).toBe(true);
    const seen = (await entriesOf(after)).filter((entry) => entry.op === 'checkpoint.seen');
    expect(seen).toEqual([
      expect.objectContaining({
        origin: tenant.log.origin,
        size: tenant.log.size,
        root: Buffer.from(tenant.log.rootAt(tenant.log.size)).toString('base64url'),
      }),
    ]);
    const again = await world.startVault();
    await again.close();
    expect((await opened()).checkpoint.size).toBe(after.checkpoint.size);
  });

  it('names no tenant, no person and no record', async () => {
    const entries = await entriesOf(await opened());
    expect(JSON.stringify(entries)).not.toMatch(/t-001|operator|payroll/);
  });

  it('answers no file that is not there', async () => {
    const fetch = controlFiles(await world.startVault());
    expect(await fetch('tile/0/000')).toBeUndefined();
    expect(await fetch('tile/0/000.p/255')).toBeUndefined();
    expect(await fetch('tile/99/000')).toBeUndefined();
    expect(await fetch('anything')).toBeUndefined();
  });
});

describe('the role of the vault', () => {
  it('can add to the control log, and change or remove nothing of it', async () => {
    const pool = world.database.pool('vault_service');
    const tables = ['control_batch', 'control_tile', 'recorded_checkpoint'];
    await expectForbidden(pool, [
      ...tables.map((table) => `delete from vault.${table}`),
      ...tables.map((table) => `truncate vault.${table}`),
      ...tables.map((table) => `drop table vault.${table}`),
      ...tables.map((table) => `alter table vault.${table} disable trigger all`),
      'update vault.control_batch set entries = entries',
      'update vault.control_batch set checkpoint = checkpoint',
      'update vault.control_tile set hashes = hashes',
      'update vault.recorded_checkpoint set size = size',
    ]);
  });
});

describe('a vault', () => {
  it('does not start when it cannot begin its control log', async () => {
    const lone = await createWorld();
    await asAdministrator(lone.database, 'revoke insert on vault.control_batch from vault_service');
    await expect(lone.startVault()).rejects.toMatchObject({ code: 'log-unavailable' });
    await lone.close();
  });

  it('appends nothing behind a batch that is not as it was hashed', async () => {
    const lone = await createWorld();
    const vault = await lone.startVault();
    await lone.createTenant(vault, 't-001');
    await asAdministrator(
      lone.database,
      'update vault.control_batch set entries = set_byte(entries, 20, get_byte(entries, 20) # 1)',
    );
    const other = await lone.createTenant(vault, 't-002');
    const [one] = (await storeNumbers(vault, other)) as [Stored];
    const asked = { tenant: 't-002', recordIds: [one.recordId] };
    const intent = await makeIntent(other.client, asked);
    await vault.call('/internal/disclosures', logAndMakeTicket(other.log, [intent]));
    const second = await lone.startVault();
    await until(async () => second.logged().includes('checkpoints not recorded') || undefined);
    const rows = await asAdministrator(lone.database, 'select start from vault.control_batch');
    expect(rows).toHaveLength(1);
    await lone.close();
  });

  it('refuses a key that the trust policy does not list for its control log', () => {
    const directory = mkdtempSync(join(tmpdir(), 'control-key-'));
    const file = join(directory, 'key.pem');
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    const policy = parsePolicy(`log ${newLogKey(CONTROL_ORIGIN).vkey}\nquorum none\n`, {
      origins: 'key-name-or-below',
    });
    const settings = { VAULT_DEPLOYMENT: 'test', VAULT_CONTROL_KEY_FILE: file };
    expect(() => readControlKey(settings, policy)).toThrow('VAULT_CONTROL_KEY_FILE');
    rmSync(directory, { recursive: true });
  });
});
