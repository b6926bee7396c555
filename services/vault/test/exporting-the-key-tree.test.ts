import { createHash } from 'node:crypto';
import { readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { TreeExportError } from '@mnv/erasure-tree';
import type { ExportSource } from '@mnv/erasure-tree';
import { tileDirectory } from '@mnv/transparency-log';
import { exportDirectory } from '../src/restore/export/export-directory.ts';
import { ExportFailed, exportKeyTree } from '../src/restore/export/export-key-tree.ts';
import type { ExportPlace } from '../src/restore/export/export-place.ts';
import { asAdministrator } from './world/as-administrator.ts';
import { entriesOf, openControlLog, until } from './world/control-log.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { World } from './world.ts';

let world: World;
afterEach(() => world.close());

/** A vault with two tenants' records that exports to two directories. */
async function exportingVault({ records = 3 } = {}): Promise<RunningVault> {
  world = await createWorld();
  const vault = await world.startVault({ exportTo: world.exportDirectories });
  for (const tenantId of ['t-001', 't-002'])
    await storeNumbers(vault, await world.createTenant(vault, tenantId), records);
  // What it exports by itself as soon as it serves is of a tree without records, or of part of them.
  await until(async () => (vault.logged().includes('restored and verified') ? true : undefined));
  return vault;
}

const allEntries = async (vault: RunningVault) =>
  entriesOf(await openControlLog(vault, world.controlVkey));
const verifiedEntries = async (vault: RunningVault) =>
  (await allEntries(vault)).filter((entry) => entry.op === 'restore.verified');

async function filesIn(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name !== 'control-log').toSorted();
}

const newestIn = async (directory: string) =>
  join(directory, (await filesIn(directory)).at(-1) ?? '');

async function exportNow(vault: RunningVault) {
  const written = await vault.exports.exportNow();
  if (written === undefined) throw new Error('nothing was exported');
  return written;
}

describe('an export of the key tree', () => {
  it('is made as soon as the vault serves, the same file in every place', async () => {
    await exportingVault();
    const [first = '', second = ''] = world.exportDirectories;
    const bytes = await readFile(await newestIn(first));
    expect(await readFile(await newestIn(second))).toEqual(bytes);
    const [entry] = await verifiedEntries(await world.startVault());
    expect(entry).toMatchObject({
      epoch: 1,
      export: createHash('sha256')
        .update(await readFile(join(first, (await filesIn(first))[0] ?? '')))
        .digest('base64url'),
    });
  });

  it('is restored, every living record of a sample opened, and that stands in the control log', async () => {
    const vault = await exportingVault();
    const { digest } = await exportNow(vault);
    const [opened, verified] = (await allEntries(vault)).slice(-2);
    expect(opened).toMatchObject({ op: 'internal.opened', reason: 'restore-drill', cnt: 6 });
    expect(verified).toMatchObject({
      op: 'restore.verified',
      epoch: 1,
      export: digest.toString('base64url'),
      cnt: 6,
    });
  });

  it('holds no number and no sealed number', async () => {
    const vault = await exportingVault();
    const tenant = await world.createTenant(vault, 't-003');
    const stored = await storeNumbers(vault, tenant, 3);
    await exportNow(vault);
    const bytes = await readFile(await newestIn(world.exportDirectories[0] ?? ''));
    const sealed = await asAdministrator<{ sealed_number: Buffer }>(
      world.database,
      'select sealed_number from vault.number_record',
    );
    const held = [
      ...stored.map(({ individualNumber }) => bytes.includes(individualNumber)),
      ...sealed.map(({ sealed_number }) => bytes.includes(sealed_number)),
    ];
    expect(held).toEqual(Array.from({ length: 12 }, () => false));
  });

  it('is followed by no other before an hour has passed, and then by one', async () => {
    const vault = await exportingVault();
    const [first = ''] = world.exportDirectories;
    const before = await filesIn(first);
    await vault.close();
    const next = await world.startVault({ exportTo: world.exportDirectories });
    await until(async () => (next.logged().includes('fence is open') ? true : undefined));
    await next.close();
    expect(await filesIn(first)).toEqual(before);

    const hour = "update vault.key_tree_export set taken_at = taken_at - interval '61 minutes'";
    await asAdministrator(world.database, hour);
    await world.startVault({ exportTo: world.exportDirectories });
    await until(async () => ((await filesIn(first)).length > before.length ? true : undefined));
  });

  it('comes with the control log, as it stands in the vault', async () => {
    const vault = await exportingVault();
    const log = await openControlLog(vault, world.controlVkey);
    const [first = ''] = world.exportDirectories;
    const { fetch } = tileDirectory(join(first, 'control-log'));
    const note = await until(async () => fetch('checkpoint'));
    expect(log.note.split('\n')[0]).toBe(Buffer.from(note).toString().split('\n')[0]);
  });
});

describe('the gate before old root versions are destroyed', () => {
  it('opens once an export of this or a later epoch was verified, and not for a later epoch', async () => {
    const vault = await exportingVault();
    expect(await vault.exports.isSafeguarded(1)).toBe(true);
    expect(await vault.exports.isSafeguarded(2)).toBe(false);
  });

  it('is closed before anything was verified', async () => {
    world = await createWorld();
    const vault = await world.startVault();
    expect(await vault.exports.isSafeguarded(1)).toBe(false);
  });

  it.each([
    ['is gone', (file: string) => rm(file)],
    ['was cut off', (file: string) => truncate(file, 4_000)],
    ['was altered', (file: string) => alter(file)],
    ['was emptied', (file: string) => writeFile(file, '')],
  ])('is closed when the file in one place %s', async (_, harm) => {
    const vault = await exportingVault();
    await exportNow(vault);
    await harm(await newestIn(world.exportDirectories[1] ?? ''));
    expect(await vault.exports.isSafeguarded(1)).toBe(false);
    await exportNow(vault);
    expect(await vault.exports.isSafeguarded(1)).toBe(true);
  });
});

async function alter(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes.writeUInt8(bytes.readUInt8(5_000) ^ 1, 5_000);
  await writeFile(file, bytes);
}

describe('a place that fails', () => {
  it('is an alarm when it is not there; the other place gets its copy, and nothing counts as safe', async () => {
    const vault = await exportingVault();
    const [first = '', second = ''] = world.exportDirectories;
    const before = (await filesIn(first)).length;
    const verified = (await verifiedEntries(vault)).length;
    await rm(second, { recursive: true });
    await expect(vault.exports.exportNow()).rejects.toBeInstanceOf(ExportFailed);
    expect(await filesIn(first)).toHaveLength(before + 1);
    expect(vault.logged()).toContain('a place for exports does not take them');
    expect(await verifiedEntries(vault)).toHaveLength(verified);
    expect(await vault.exports.isSafeguarded(1)).toBe(false);
  });

  it('keeps no part of a file for which it had no room', async () => {
    const { source, places } = await twoPlaces();
    const full = withoutRoom(places[1] as ExportPlace, 1);
    const faults: string[] = [];
    const exporting = exportKeyTree(source, [places[0] as ExportPlace, full], (place) => {
      faults.push(place);
    });
    await expect(exporting).rejects.toBeInstanceOf(ExportFailed);
    expect(faults).toEqual(['export 2']);
    expect(await filesIn(world.exportDirectories[0] ?? '')).toHaveLength(1);
    expect(await filesIn(world.exportDirectories[1] ?? '')).toEqual([]);
  });

  it('keeps no part of a file whose writing was cut off, nor does any other', async () => {
    const { source, places } = await twoPlaces();
    const cutOff = new TreeExportError('truncated', 'the database went away');
    // oxlint-disable-next-line require-yield
    async function* nodes() {
      throw cutOff;
    }
    const exporting = exportKeyTree({ ...source, nodes: nodes() }, places, () => undefined);
    await expect(exporting).rejects.toBe(cutOff);
    for (const directory of world.exportDirectories) expect(await filesIn(directory)).toEqual([]);
  });
});

/** A small tree to export, and two directories. */
async function twoPlaces(): Promise<{ source: ExportSource; places: ExportPlace[] }> {
  world = await createWorld();
  const head = { epoch: 1, rootRef: 'mnv-root-test-1', sealedTopKey: Buffer.alloc(60) };
  const header = { deployment: 'test', head, takenAt: 1, controlSize: 0 };
  const places = world.exportDirectories.map((directory, at) =>
    exportDirectory(`export ${at + 1}`, directory),
  );
  return { source: { header, tenants: [], nodes: [] }, places };
}

/** A disk that takes so many chunks. */
function withoutRoom(place: ExportPlace, chunks: number): ExportPlace {
  let left = chunks;
  return {
    ...place,
    create: async (name) => {
      const writer = await place.create(name);
      return {
        ...writer,
        write: async (chunk) => {
          left -= 1;
          if (left < 0) throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
          await writer.write(chunk);
        },
      };
    },
  };
}
