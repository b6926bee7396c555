import { appendFile, copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ControlEvent } from '@mnv/protocol';
import { exportDirectory } from '../src/restore/export/export-directory.ts';
import { exportName } from '../src/restore/export/export-place.ts';
import { removeOldExports } from '../src/restore/export/remove-old-exports.ts';
import { verifyExport } from '../src/restore/export/verify-export.ts';
import { entriesOf, openControlLog, until } from './world/control-log.ts';
import { batchOf, disposing } from './world/disposing.ts';
import { DEPLOYMENT } from './world/running-vault.ts';
import { createWorld, storeNumbers } from './world.ts';
import type { World } from './world.ts';

const KEPT = 24;

let world: World;
afterEach(() => world.close());

const placesOf = () =>
  world.exportDirectories.map((directory, at) => exportDirectory(`export ${at + 1}`, directory));
const exportsIn = async (directory: string) =>
  (await readdir(directory)).filter((name) => name.endsWith('.export')).toSorted();

/** An export in both places, and as many more that look older. */
async function exportedOften(more: number) {
  world = await createWorld();
  const vault = await world.startVault({ quiet: true, exportTo: world.exportDirectories });
  const tenant = await world.createTenant(vault, 't-001');
  const stored = await storeNumbers(vault, tenant, 3);
  const written = await vault.exports.exportNow();
  if (written === undefined) throw new Error('nothing was exported');
  for (const directory of world.exportDirectories)
    for (let at = 0; at < more; at += 1)
      await copyFile(
        join(directory, written.name),
        join(directory, exportName({ epoch: 1, takenAt: at })),
      );
  return { vault, tenant, stored, written };
}

describe('exports in a place', () => {
  it('are a day of them, once the newest was verified', async () => {
    const { vault, written } = await exportedOften(30);
    const again = await vault.exports.exportNow();
    for (const directory of world.exportDirectories) {
      const left = await exportsIn(directory);
      expect(left).toHaveLength(KEPT);
      expect(left.slice(-2)).toEqual([written.name, again?.name]);
    }
  });

  it('are all kept that are not older than the newest verified, however many', async () => {
    await exportedOften(30);
    const [place] = placesOf();
    const [directory = ''] = world.exportDirectories;
    const before = await exportsIn(directory);
    await removeOldExports(place as NonNullable<typeof place>, before[3] ?? '');
    expect(await exportsIn(directory)).toEqual(before.slice(3));
  });
});

describe('an export that is verified', () => {
  it('is read through in every place, and counts for nothing where one holds another', async () => {
    const { written } = await exportedOften(0);
    const [, second = ''] = world.exportDirectories;
    const log: ControlEvent[] = [];
    const append = (events: readonly ControlEvent[]) => {
      log.push(...events);
      return Promise.resolve({ first: 0 });
    };
    const verify = () =>
      verifyExport(written, [], {
        places: placesOf(),
        root: world.root,
        deployment: DEPLOYMENT,
        controlLog: { append } as never,
      });
    await verify();
    expect(log.map(({ op }) => op)).toEqual(['restore.verified']);
    await appendFile(join(second, written.name), 'more');
    await expect(verify()).rejects.toThrow(/export/);
    expect(log).toHaveLength(1);
  });

  it('is due at once when the tree has flipped to another root version', async () => {
    world = await createWorld();
    const vault = await world.startVault({ exportTo: world.exportDirectories });
    const tenant = await world.createTenant(vault, 't-001');
    const stored = await storeNumbers(vault, tenant, 3);
    await vault.exports.exportNow();
    await disposing(vault, tenant).disposed(batchOf(stored.slice(0, 1)));
    const epochs = await until(async () => {
      const entries = await entriesOf(await openControlLog(vault, world.controlVkey));
      const verified = entries.flatMap((one) => (one.op === 'restore.verified' ? [one.epoch] : []));
      return verified.includes(2) ? verified : undefined;
    });
    expect(epochs.at(-1)).toBe(2);
  });
});
