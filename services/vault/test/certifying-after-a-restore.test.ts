import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { restoreControlLog, restoreKeyTree } from '@mnv/cli';
import { readCertificate, verifyCertificate } from '@mnv/disposal-certificate';
import type { TestDatabase } from '@mnv/testing';
import { parsePolicy, writeTiles } from '@mnv/transparency-log';
import type { FetchFile } from '@mnv/transparency-log';
import { problemOf } from './world/answers.ts';
import { certifying } from './world/certifying.ts';
import { controlFiles } from './world/control-log.ts';
import { batchOf, disposing } from './world/disposing.ts';
import { logAndMakeTicket, makeIntent } from './world/intent.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

let world: World;
let backup: TestDatabase;
let tenant: Tenant;
let stored: Stored[];

afterEach(async () => {
  await world.close();
  await backup.drop();
});

/** Two records; after the backup the first one's number was released. The runbook, steps 1 to 5. */
async function restored(): Promise<RunningVault> {
  world = await createWorld();
  const exportTo = world.exportDirectories;
  const before = await world.startVault({ exportTo });
  tenant = await world.createTenant(before, 't-001');
  stored = await storeNumbers(before, tenant, 2);
  await before.close();
  backup = await world.database.copy();

  const after = await world.startVault({ exportTo });
  expect(await release(after)).toMatch(/^200/);
  await after.exports.exportNow();
  await after.close();
  await putBackTheNewest(exportTo);
  const dsn = backup.dsnOf('vault_service');
  const vault = await world.startVault({ dsn, exportTo, tellMemory: false });
  const seen = await readFile(join(exportTo[0] ?? '', 'control-log', 'checkpoint'), 'utf8');
  await vault.call('/internal/control-log/memory', { seen, witnesses: [] });
  return vault;
}

async function putBackTheNewest([directory = '']: readonly string[]): Promise<void> {
  const dsn = backup.dsnOf('vault_migrate');
  const policy = parsePolicy(world.policy, { origins: 'key-name-or-below' });
  await restoreControlLog({ dsn, directory: join(directory, 'control-log'), policy });
  const exports = (await readdir(directory)).filter((name) => name.endsWith('.export')).toSorted();
  await restoreKeyTree({ dsn, file: join(directory, exports.at(-1) ?? '') });
}

/** A release of the first record, with its outcome in the tenant's log. */
async function release(vault: RunningVault): Promise<string> {
  const asked = { tenant: tenant.tenantId, recordIds: [stored[0]?.recordId as string] };
  const intent = await makeIntent(tenant.client, asked);
  const answer = await vault.call('/internal/disclosures', logAndMakeTicket(tenant.log, [intent]));
  const entry = { k: 'outcome', dec: 'delivered' } as const;
  const outcome = await makeIntent(tenant.client, { ...asked, rid: intent.rid, entry });
  tenant.log.append(outcome.entries);
  return problemOf(answer);
}

async function reconcile(vault: RunningVault): Promise<void> {
  const admin = world.client('admin', 'operator');
  const { certificate } = admin;
  for (const sub of ['admin-1', 'admin-2']) {
    const token = await admin.token({ scope: 'admin', sub });
    await vault.call('/internal/restore/reconciliation', { token, certificate });
  }
}

/** The tenant's access log as an auditor has it; somebody looked at it after everything else. */
async function accessLog(): Promise<FetchFile> {
  const { log, client, tenantId } = tenant;
  const entry = { k: 'intent', op: 'view-log' } as const;
  const looked = await makeIntent(client, { tenant: tenantId, recordIds: [''], entry });
  log.append(looked.entries);
  const files = new Map<string, Uint8Array>();
  const put = async (path: string, file: Uint8Array) => void files.set(path, file);
  const entries = log.entriesFrom(0, log.size);
  await writeTiles({ entries, put, checkpoint: log.checkpoint() });
  return async (path) => files.get(path);
}

describe('a certificate issued after a restore', () => {
  it('says that releases may be missing, of the records that were there, and is compared with the log', async () => {
    const vault = await restored();
    await reconcile(vault);
    const [fresh] = await storeNumbers(vault, tenant);
    const batch = batchOf([...stored, fresh as Stored]);
    await disposing(vault, tenant).disposed(batch);
    const { issue, policy } = certifying(vault, world);
    const { jws } = await issue(batch, tenant);

    const { items } = readCertificate(jws).certificate;
    const instant = expect.stringMatching(/^20.*Z$/);
    const [released, kept, later] = items.map(({ egress }) => egress);
    expect([released, kept]).toMatchObject([
      { releases: 0, mayLackBefore: instant },
      { releases: 0, mayLackBefore: instant },
    ]);
    expect(later).not.toHaveProperty('mayLackBefore');

    const controlLog = controlFiles(vault);
    const alone = await verifyCertificate(jws, { policy, controlLog });
    const claim = (id: string, { claims } = alone) => claims.find((one) => one.id === id);
    expect(alone.ok).toBe(true);
    expect(claim('P5')).toMatchObject({ verdict: 'NOT CHECKED' });
    expect(claim('P5')?.note?.en).toContain('of 2 records, releases before');
    expect(claim('P6')).toMatchObject({ verdict: 'PASS' });

    const compared = await verifyCertificate(jws, { policy, accessLog: await accessLog() });
    expect(compared.ok).toBe(true);
    expect(claim('P5', compared)).toMatchObject({ verdict: 'NOT CHECKED', findings: [] });
    expect(claim('P5', compared)?.note?.en).toContain('1 releases of 1 records');
  });
});
