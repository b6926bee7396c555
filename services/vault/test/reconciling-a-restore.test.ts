import { readFile, readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { restoreControlLog, restoreKeyTree } from '@mnv/cli';
import type { TestDatabase } from '@mnv/testing';
import { parsePolicy } from '@mnv/transparency-log';
import { outcomesOf, problemOf } from './world/answers.ts';
import { asAdministrator } from './world/as-administrator.ts';
import { entriesOf, openControlLog, until } from './world/control-log.ts';
import { batchOf, disposing } from './world/disposing.ts';
import type { Batch } from './world/disposing.ts';
import { logAndMakeTicket, makeIntent } from './world/intent.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { Stored, Tenant, World } from './world.ts';

let world: World;
let backup: TestDatabase;
let tenant: Tenant;
let leavers: Stored[];
let staying: Stored[];
/** Ordered at the time of the backup, and stopped after it. */
let kept: Batch;
/** The newest checkpoint of the control log that the proxy has seen. */
let seen: string;
/** The longest copy of the control log beside the exports. */
let longest: string;

afterEach(async () => {
  await world.close();
  await backup.drop();
});

const exportTo = () => world.exportDirectories;
const directory = () => world.exportDirectories[0] ?? '';
const exportsThere = async () =>
  (await readdir(directory())).filter((name) => name.endsWith('.export')).toSorted();
const exported = (vault: RunningVault) =>
  until(async () => (vault.logged().includes('restored and verified') ? true : undefined));

/**
 * A vault whose database was backed up; after that three records were stored and four disposed of. All that is
 * left of it is the backup, the exports, the root versions, and what others remember.
 */
async function lostAfterDisposal(ordering: Ordering = nothingOrdered): Promise<void> {
  world = await createWorld();
  const before = await world.startVault({ exportTo: exportTo() });
  // The oldest export there is comes before the records.
  await exported(before);
  tenant = await world.createTenant(before, 't-001');
  const stored = await storeNumbers(before, tenant, 8);
  [leavers, staying] = [stored.slice(0, 4), stored.slice(4)];
  await before.close();
  const ordered = await ordering();
  backup = await world.database.copy();
  await ordered.stopped();

  const after = await world.startVault({ exportTo: exportTo() });
  await Promise.all(
    ordered.erased.map((batch) => disposing(after, tenant).reaches(batch, 'erased')),
  );
  await storeNumbers(after, tenant, 3);
  await disposing(after, tenant).disposed(batchOf(leavers.slice(ordered.count)));
  await after.exports.exportNow();
  await after.close();
  ({ note: seen, log: longest } = await longestCopy());
}

/** What was ordered when the backup was made, of the first `count` leavers; and what became of it. */
type Ordering = () => Promise<{ count: number; erased: Batch[]; stopped(): Promise<void> }>;
const nothingOrdered: Ordering = () =>
  Promise.resolve({ count: 0, erased: [], stopped: () => Promise.resolve() });

/**
 * Orders that wait: one is erased afterwards, the others are stopped, and the leaver of one is disposed of by
 * himself.
 */
const threeOrdered: Ordering = async () => {
  const waiting = () => world.startVault({ epochs: { settleMs: 600_000 } });
  const erased = batchOf(leavers.slice(0, 2));
  const mixed = batchOf([...leavers.slice(2, 3), ...staying.slice(0, 1)]);
  const stopped = [mixed, (kept = batchOf(staying.slice(3)))];
  const vault = await waiting();
  for (const batch of [erased, ...stopped]) {
    await disposing(vault, tenant).approved(batch);
    await disposing(vault, tenant).order(batch);
  }
  await vault.close();
  return {
    count: 2,
    erased: [erased],
    stopped: async () => {
      const later = await waiting();
      for (const batch of stopped) await disposing(later, tenant).stop(batch);
      await later.close();
    },
  };
};

/** The backup was made when an epoch had just taken the batch. */
async function planned({ disposalId }: Batch): Promise<void> {
  const job = `insert into vault.epoch_job (epoch, kind, log_from, root_from) values (2, 'erasure', 0, '')`;
  await asAdministrator(backup, job);
  const taken = 'update vault.disposal set epoch = 2 where disposal_id = $1';
  await asAdministrator(backup, taken, [disposalId]);
}

/** The runbook's "take the longest": an entry may reach one copy before the other. */
async function longestCopy(): Promise<{ note: string; log: string }> {
  const copies = await Promise.all(
    exportTo().map(async (place) => {
      const log = join(place, 'control-log');
      return { log, note: await readFile(join(log, 'checkpoint'), 'utf8') };
    }),
  );
  const [longer] = copies.toSorted((a, b) => sizeOf(b.note) - sizeOf(a.note));
  if (longer === undefined) throw new Error('there is no copy');
  return longer;
}

const sizeOf = (note: string) => Number(note.split('\n')[1]);

/** An instance on the restored backup, told what the proxy has seen. */
async function restoredVault(): Promise<RunningVault> {
  const dsn = backup.dsnOf('vault_service');
  const vault = await world.startVault({ dsn, exportTo: exportTo(), tellMemory: false });
  await vault.call('/internal/control-log/memory', { seen, witnesses: [] });
  return vault;
}

async function reasonsOf(vault: RunningVault): Promise<string[]> {
  const { body } = await vault.call('/internal/restore-state', undefined);
  return (body as { reasons: string[] }).reasons.toSorted();
}

const policy = () => parsePolicy(world.policy, { origins: 'key-name-or-below' });
const owner = () => backup.dsnOf('vault_migrate');
const restoreLog = () =>
  restoreControlLog({
    dsn: owner(),
    directory: longest,
    policy: policy(),
  });
const restoreTree = async (at = -1) =>
  restoreKeyTree({ dsn: owner(), file: join(directory(), (await exportsThere()).at(at) ?? '') });

async function reconcile(vault: RunningVault, person: string) {
  const admin = world.client('admin', 'operator');
  const token = await admin.token({ scope: 'admin', sub: person });
  const { certificate } = admin;
  return vault.call('/internal/restore/reconciliation', { token, certificate });
}

async function disclose(vault: RunningVault, stored: readonly Stored[]) {
  const recordIds = stored.map(({ recordId }) => recordId);
  const intent = await makeIntent(tenant.client, { tenant: tenant.tenantId, recordIds });
  return outcomesOf(
    await vault.call('/internal/disclosures', logAndMakeTicket(tenant.log, [intent])),
  );
}

/** What tells the database from the newest: log and tree, and the tree's root version is disabled. */
const TOO_OLD = ['log-behind', 'root-lost', 'root-newer'];
/** An incident is open from the look after the first that saw it. */
const evidenceOf = async (vault: RunningVault) =>
  (await reasonsOf(vault)).filter((reason) => reason !== 'reconciliation-due');
const FINDINGS = { living: 4, zombies: 4, unknown: 0, damaged: 0, lost: 3 };

describe('a vault on a restored database', () => {
  it('is refused until the newest log and key tree are there and two persons have reconciled it', async () => {
    await lostAfterDisposal();
    const tooOld = await restoredVault();
    expect(await evidenceOf(tooOld)).toEqual(TOO_OLD);
    expect(await disclose(tooOld, leavers)).toEqual(['503 vault-restoring']);
    expect(problemOf(await reconcile(tooOld, 'admin-1'))).toBe('503 vault-restoring');
    await tooOld.close();

    expect(await restoreLog()).toMatchObject({ removed: 0 });
    expect(await restoreTree()).toMatchObject({ epoch: 2, tenants: 1 });
    const vault = await restoredVault();
    expect(await reasonsOf(vault)).toEqual(['reconciliation-due']);
    const proposed = { status: 200, body: { state: 'proposed', findings: FINDINGS, dropped: 0 } };
    expect(await reconcile(vault, 'admin-1')).toMatchObject(proposed);
    expect(await reconcile(vault, 'admin-1')).toMatchObject(proposed);
    expect(await disclose(vault, staying)).toEqual(['503 vault-restoring']);
    const done = await reconcile(vault, 'admin-2');
    expect(done).toMatchObject({ body: { state: 'reconciled', findings: FINDINGS, dropped: 4 } });

    expect(await reasonsOf(vault)).toEqual([]);
    expect(await disclose(vault, leavers)).toEqual([leavers.map(() => 'already-disposed')]);
    expect(await disclose(vault, staying)).toEqual([staying.map(({ label }) => label)]);
  });

  it('is not changed by a second person who meets something else than the first has seen', async () => {
    await lostAfterDisposal();
    await restoreLog();
    await restoreTree();
    const vault = await restoredVault();
    await reconcile(vault, 'admin-1');
    const moved = `update vault.number_record set sealed_number = null, disposed_at = now() where record_id = $1`;
    const [gone] = leavers;
    await asAdministrator(backup, moved, [gone?.recordId]);
    const found = { ...FINDINGS, zombies: 3 };
    const proposed = { body: { state: 'proposed', findings: found, dropped: 0 } };
    expect(await reconcile(vault, 'admin-2')).toMatchObject(proposed);
    expect(await reasonsOf(vault)).toEqual(['reconciliation-due']);
    const done = { body: { state: 'reconciled', findings: found, dropped: 3 } };
    expect(await reconcile(vault, 'admin-1')).toMatchObject(done);
    expect(await reasonsOf(vault)).toEqual([]);
  });

  it('goes on with the control log that the world has seen, and says in it what was done', async () => {
    await lostAfterDisposal();
    await restoreLog();
    await restoreTree();
    const vault = await restoredVault();
    await reconcile(vault, 'admin-1');
    await reconcile(vault, 'admin-2');
    const log = await openControlLog(vault, world.controlVkey);
    const done = ['restore.detected', 'restore.reconciled'];
    const ops = (await entriesOf(log)).filter(({ op }) => done.includes(op));
    expect(ops).toMatchObject([
      { op: 'restore.detected', epoch: 2 },
      { op: 'restore.reconciled', epoch: 2, cnt: 4 },
    ]);
    // It stores, erases and counts epochs on from where the lost one was.
    await storeNumbers(vault, tenant, 2);
    const shown = await disposing(vault, tenant).disposed(batchOf(staying.slice(0, 1)));
    expect(shown).toMatchObject({ state: 'erased', epoch: 3 });
    await vault.close();
    const again = await restoredVault();
    expect(await reasonsOf(again)).toEqual([]);
  });

  it('erases no batch that was erased or stopped since, and lets go of the records that live', async () => {
    await lostAfterDisposal(threeOrdered);
    await planned(kept);
    await restoreLog();
    await restoreTree();
    const vault = await restoredVault();
    await reconcile(vault, 'admin-1');
    expect(await reconcile(vault, 'admin-2')).toMatchObject({ body: { findings: FINDINGS } });
    await disposing(vault, tenant).reaches(kept, 'requested');
    expect(await disclose(vault, staying)).toEqual([staying.map(({ label }) => label)]);
    const shown = await disposing(vault, tenant).disposed(batchOf(staying.slice(0, 1)));
    expect(shown).toMatchObject({ state: 'erased' });
    expect(await disclose(vault, staying.slice(1))).toEqual([
      staying.slice(1).map(({ label }) => label),
    ]);
  });

  it('is not reconciled on a key tree that is older than the records', async () => {
    await lostAfterDisposal();
    const [, newer] = await exportsThere();
    expect(newer).toBeDefined();
    await restoreLog();
    await expect(restoreTree(0).then(() => restoreTree(0))).rejects.toThrow('is older');
    const vault = await restoredVault();
    expect(await evidenceOf(vault)).toEqual(TOO_OLD.slice(1));
    expect(problemOf(await reconcile(vault, 'admin-1'))).toBe('503 vault-restoring');
  });

  it('is changed by no part of an export that is cut off', async () => {
    await lostAfterDisposal();
    const file = join(directory(), (await exportsThere()).at(-1) ?? '');
    await truncate(file, 20_000);
    await expect(restoreTree()).rejects.toThrow('ends before its end');
    const vault = await restoredVault();
    expect(await evidenceOf(vault)).toEqual(TOO_OLD);
  });
});
