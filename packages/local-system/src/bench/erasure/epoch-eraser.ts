import {
  MAX_ALLOCATION,
  createKeyTree,
  erasureEpoch,
  mapHeadBefore,
  refreshMap,
  rootsBesideHead,
} from '@mnv/erasure-tree';
import type { RootProvider } from '@mnv/erasure-tree';
import { createKysely, createPool } from '@mnv/service-kit';
// The store is no export of its service: only this measurement takes it out of that process.
import { keyTreeRepository } from '../../../../../services/vault/src/key-tree.repository.ts';
import type { VaultDatabase } from '../../../../../services/vault/src/database.ts';
import { timed } from '../load/timed.ts';
import { scratchRoot } from '../scratch-root.ts';
import type { Eraser, RootUses } from './erasure-job.ts';

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
  const { root, uses } = countingUses(scratchRoot());
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
      const all = living.get(tenant) ?? [];
      const positions = spread(all, records);
      uses.seals = uses.opens = 0;
      const took = await timed(records, () => runEpoch(tenant, positions));
      const gone = new Set(positions);
      living.set(
        tenant,
        all.filter((position) => !gone.has(position)),
      );
      return { ...took, rootUses: { ...uses } };
    },
  };

  async function runEpoch(tenant: string, positions: readonly number[]): Promise<void> {
    const epoch = ((await store.readHead())?.epoch ?? 0) + 1;
    const plan = { epoch, intentIndex: epoch, items: new Map([[tenant, positions]]) };
    await mapHeadBefore(tree.parts, plan, nothing);
    const run = erasureEpoch(tree.parts, plan, hooks);
    for (let did = ''; did !== 'flipped'; ) ({ did } = await run.next());
    const { older } = await rootsBesideHead(tree.parts);
    for (const { ref } of older) await root.scheduleDestroy(ref, Date.now());
  }
}

/** The same custodian, whose uses of keys are counted. */
function countingUses(root: RootProvider): { root: RootProvider; uses: RootUses } {
  const uses = { seals: 0, opens: 0 };
  return {
    uses,
    root: {
      ...root,
      seal: (...of) => ((uses.seals += 1), root.seal(...of)),
      open: (...of) => ((uses.opens += 1), root.open(...of)),
    },
  };
}

/** So many, evenly over all: the most nodes for a number of records. */
function spread(positions: readonly number[], count: number): number[] {
  const stride = positions.length / count;
  return Array.from({ length: count }, (_, at) => positions[Math.floor(at * stride)] as number);
}
