import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../supervisor/ports.ts';
import type { Ports } from '../supervisor/ports.ts';
import { startSystem } from '../system/start-system.ts';
import type { LocalSystem } from '../system/start-system.ts';
import { takeBaseCopy } from './base-copy.ts';
import { startRestored } from './restored-cluster.ts';
import type { RestoredCluster } from './restored-cluster.ts';
import { mergeAndServe } from './restore.ts';
import type { Held } from './scenario.ts';
import {
  asAdministrator,
  disposeOf,
  exportsOf,
  rootOf,
  storePeople,
  tryAll,
  until,
} from './scenario.ts';
import { steal } from './thief.ts';

export type DrillResult = {
  disposed: number;
  recoveredDisposed: number;
  living: number;
  recoveredLiving: number;
  seconds: number;
};

export type Drill = { say(text: string): void; signal: AbortSignal; people: number };

const OLD_ROOT = 'mnv-root-local-1';
const NO_GRACE = { VAULT_ROOT_GRACE_HOURS: '0' };

/**
 * Both drills on one story: records are stored, the cluster is backed up, a third of the people leave and their
 * numbers are disposed of, the old root version is destroyed. Then the thief has every file of before and after;
 * and after the vault's database is lost, the documented merge brings the living back, and them alone.
 */
export async function runDrill({ say, signal, people }: Drill): Promise<DrillResult> {
  const began = performance.now();
  const place = mkdtempSync(join(tmpdir(), 'mynumber-drill-'));
  const order = { data: join(place, 'data'), ports: await freePorts(), say, signal };
  const remove = [place];
  let system = await start(order);
  let restored: RestoredCluster | undefined;
  try {
    remove.push(system.clusterDirectory);
    const held = await storePeople(
      system.endpoints,
      Array.from({ length: people }, (_, at) => `DRILL-${at + 1}`),
    );
    const leavers = held.slice(0, Math.ceil(people / 3));
    const staying = held.slice(leavers.length);
    const base = await backUp(system, place);
    await disposeUntilDestroyed(system, leavers, say);

    restored = await startRestored({ ...base, place, installation: system.installation });
    remove.push(restored.directory);
    const recoveredDisposed = await steal({ system, restored, base, leavers, staying, say });
    await system.stop();
    say('the database of the vault is lost; the backup is put in its place, and merged');
    system = await mergeAndServe({ ...order, installation: system.installation, restored });
    const living = await tryAll(system.endpoints, staying);
    const gone = await tryAll(system.endpoints, leavers);
    if (gone.gone !== leavers.length) throw new Error('a disposed record does not read as such');
    return {
      disposed: leavers.length,
      recoveredDisposed: recoveredDisposed + gone.right,
      living: staying.length,
      recoveredLiving: living.right,
      seconds: Math.round((performance.now() - began) / 10) / 100,
    };
  } finally {
    await system.stop();
    await restored?.stop();
    for (const directory of remove) rmSync(directory, { recursive: true, force: true });
  }
}

type Order = { data: string; ports: Ports; say(text: string): void; signal: AbortSignal };

function start(order: Order): Promise<LocalSystem> {
  return startSystem({ ...order, durability: 'durable', vaultSettings: NO_GRACE });
}

export type BaseCopy = { data: string; rootFile: string };

/** What a backup holds: the files of the cluster, and here the root file as it was, which a real one never does. */
async function backUp(system: LocalSystem, place: string): Promise<BaseCopy> {
  const { ports, databases } = system.installation;
  const password = encodeURIComponent(readFileSync(databases.adminPasswordFile, 'utf8').trim());
  const data = join(place, 'base');
  const dsn = `postgresql://postgres:${password}@127.0.0.1:${ports.postgres}/postgres`;
  await takeBaseCopy({ dsn, cluster: system.clusterDirectory, to: data });
  const rootFile = join(place, 'roots-before.json');
  copyFileSync(system.installation.rootFile, rootFile);
  return { data, rootFile };
}

async function disposeUntilDestroyed(
  system: LocalSystem,
  leavers: readonly Held[],
  say: (text: string) => void,
): Promise<void> {
  await disposeOf(system.endpoints, leavers);
  say(`${leavers.length} numbers are disposed of and certified`);
  await asAdministrator(system.endpoints, 'administrator-1', (administration) =>
    administration.exportKeyTree(),
  );
  const root = rootOf(system);
  await until(
    'the destruction of the old root version',
    async () => (await root.status(OLD_ROOT)) === 'destroyed',
  );
  say(`the key tree is exported and verified, ${OLD_ROOT} is destroyed`);
  say(`${exportsOf(system).length} exports lie in the two places, from before and after`);
}
