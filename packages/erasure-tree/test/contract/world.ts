import { createKeyTree, rootsBesideHead } from '../../src/index.ts';
import type { Allocation, KeyTree, RootProvider, TreeStore } from '../../src/index.ts';
import type { Ports } from './crashes.ts';
import { memoryRoot } from './memory-root.ts';
import { hexOf, sealArchive } from './seal-archive.ts';
import type { SealArchive } from './seal-archive.ts';

export const deployment = 'test';

/** Record keys by tenant and position, as hexadecimal. */
export type Given = Map<string, Map<number, string>>;

/** A tree, what was ever given out by it, and what an attacker has kept. */
export type World<Tx> = {
  readonly store: TreeStore<Tx>;
  readonly root: RootProvider;
  readonly archive: SealArchive;
  readonly living: Given;
  readonly erased: Given;
  /** An instance of the service with its own memory; a crashing one brings its ports. */
  instance(ports?: Ports<Tx>): KeyTree<Tx>;
  addTenant(tenantId: string): Promise<void>;
  allocate(tenantId: string, count: number): Promise<void>;
  /** Everything an allocation does but the commit. */
  allocateInVain(tenantId: string, count: number): Promise<void>;
  destroyOldRoots(): Promise<void>;
};

export async function treeWorld<Tx>(store: TreeStore<Tx>): Promise<World<Tx>> {
  const archive = sealArchive(memoryRoot());
  const { root, sealer } = archive;
  const living: Given = new Map();
  const erased: Given = new Map();
  const instance = (ports: Ports<Tx> = { store, root }) =>
    createKeyTree({ ...ports, deployment, sealer });
  const writer = instance();
  await writer.initialise();
  return {
    store,
    root,
    archive,
    living,
    erased,
    instance,
    addTenant: async (tenantId) => {
      await store.transaction((tx) => writer.addTenant(tenantId, tx));
      if (!living.has(tenantId)) living.set(tenantId, new Map());
    },
    allocate: async (tenantId, count) => {
      const given = await store.transaction((tx) => writer.allocate(tenantId, count, tx));
      keep(living, { tenantId, given, ever: erased });
    },
    allocateInVain: async (tenantId, count) => {
      const undone = new Error('undone');
      const attempt = store.transaction(async (tx) => {
        await writer.allocate(tenantId, count, tx);
        throw undone;
      });
      await attempt.catch((error: unknown) => {
        if (error !== undone) throw error;
      });
    },
    destroyOldRoots: async () => {
      const { older } = await rootsBesideHead(instance().parts);
      for (const { ref } of older) await root.scheduleDestroy(ref, 0);
    },
  };
}

type Kept = { tenantId: string; given: readonly Allocation[]; ever: Given };

/** A position given out twice, in all history, is a fault of the tree. */
function keep(living: Given, { tenantId, given, ever }: Kept): void {
  const keys = living.get(tenantId) ?? new Map<number, string>();
  living.set(tenantId, keys);
  for (const { position, key } of given) {
    if (keys.has(position) || ever.get(tenantId)?.has(position)) {
      throw new Error(`position ${position} was given out twice`);
    }
    keys.set(position, hexOf(key));
  }
}
