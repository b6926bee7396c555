import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  MAX_ALLOCATION,
  createFileRoot,
  createKeyTree,
  destroyOldRoots,
  erasureEpoch,
  mapHeadBefore,
  refreshMap,
} from '@mnv/erasure-tree';
import { createKysely, createPool } from '@mnv/service-kit';
// The store is no export of its service: only this measurement takes it out of that process.
import { keyTreeRepository } from '../../../../../services/vault/src/key-tree.repository.ts';
import type { VaultDatabase } from '../../../../../services/vault/src/database.ts';
import type { Eraser } from './erasure-job.ts';

const CONNECTIONS = 4;
const nothing = async () => undefined;
const hooks = { fence: nothing, erased: nothing, flipped: nothing };

/** The vault's key tree with the role and the tables it has there, and a root in a file. */
export function epochEraser(connectionString: string): Eraser {
  const setting = 'the address of the key tree of the measurement';
  const pool = createPool({
    setting,
    connectionString,
    max: CONNECTIONS,
    applicationName: 'bench',
  });
  const store = keyTreeRepository(createKysely<VaultDatabase>(pool));
  const directory = mkdtempSync(join(tmpdir(), 'mynumber-bench-root-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const keyFile = join(directory, 'key');
  writeFileSync(keyFile, randomBytes(32), { mode: 0o600 });
  const root = createFileRoot({ file: join(directory, 'roots.json'), keyFile });
  const tree = createKeyTree({ store, root, deployment: 'bench' });
  const living = new Map<string, number[]>();

  return {
    async fill(tenant, records) {
      await tree.initialise();
      await store.transaction((tx) => tree.addTenant(tenant, tx));
      const positions: number[] = [];
      while (positions.length < records) {
        const count = Math.min(MAX_ALLOCATION, records - positions.length);
        const given = await store.transaction((tx) => tree.allocate(tenant, count, tx));
        positions.push(...given.map(({ position }) => position));
      }
      living.set(tenant, positions);
      await refreshMap(tree.parts, nothing);
    },
    async erase(tenant, records) {
      const positions = spread(living.get(tenant) ?? [], records);
      const epoch = ((await store.readHead())?.epoch ?? 0) + 1;
      const plan = { epoch, intentIndex: epoch, items: new Map([[tenant, positions]]) };
      await mapHeadBefore(tree.parts, plan, nothing);
      const run = erasureEpoch(tree.parts, plan, hooks);
      for (let did = ''; did !== 'flipped'; ) ({ did } = await run.next());
      await destroyOldRoots(tree.parts, Date.now());
      const gone = new Set(positions);
      living.set(tenant, living.get(tenant)?.filter((position) => !gone.has(position)) ?? []);
    },
  };
}

/** So many, evenly over all: the most nodes for a number of records. */
function spread(positions: readonly number[], count: number): number[] {
  const stride = positions.length / count;
  return Array.from({ length: count }, (_, at) => positions[Math.floor(at * stride)] as number);
}
