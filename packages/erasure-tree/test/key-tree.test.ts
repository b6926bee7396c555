import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  RootUnavailableError,
  UnknownTenantError,
  UnopenableError,
  createKeyTree,
  memoryStore,
  nodeSealer,
} from '../src/index.ts';
import type { Allocation } from '../src/index.ts';
import { memoryRoot } from './contract/memory-root.ts';

const deployment = 'test';

async function startedTree() {
  const store = memoryStore();
  const root = memoryRoot();
  const tree = createKeyTree({ store, root, deployment });
  await tree.initialise();
  return { store, root, tree };
}

type Started = Awaited<ReturnType<typeof startedTree>>;

const addTenant = ({ store, tree }: Started, tenantId: string) =>
  store.transaction((tx) => tree.addTenant(tenantId, tx));
const allocate = ({ store, tree }: Started, tenantId: string, count: number) =>
  store.transaction((tx) => tree.allocate(tenantId, count, tx));
const cold = ({ store, root }: Started) => createKeyTree({ store, root, deployment });

async function expectKeys(started: Started, tenantId: string, given: Allocation[]) {
  const keys = await cold(started).keysOf(
    tenantId,
    given.map(({ position }) => position),
  );
  for (const { position, key } of given) expect(keys.get(position)?.equals(key)).toBe(true);
}

describe('allocating positions', () => {
  it('gives every position once and every key back, whatever the order of single and bulk requests', async () => {
    const requests = fc.array(
      fc.record({
        tenant: fc.constantFrom('t-001', 't-002'),
        count: fc.integer({ min: 1, max: 200 }),
      }),
      { minLength: 1, maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(requests, async (history) => {
        const started = await startedTree();
        const given = new Map<string, Allocation[]>([
          ['t-001', []],
          ['t-002', []],
        ]);
        for (const tenant of given.keys()) await addTenant(started, tenant);
        for (const { tenant, count } of history) {
          given.get(tenant)?.push(...(await allocate(started, tenant, count)));
        }
        for (const [tenant, allocations] of given) {
          const positions = allocations.map(({ position }) => position);
          expect(new Set(positions).size).toBe(positions.length);
          await expectKeys(started, tenant, allocations);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('keeps every key readable while the tree grows to three levels, also through a warm cache', async () => {
    const started = await startedTree();
    await addTenant(started, 't-001');
    const given: Allocation[] = [];
    for (const count of [1, 63, 1, 500, 4096])
      given.push(...(await allocate(started, 't-001', count)));
    const warm = await started.tree.keysOf(
      't-001',
      given.map(({ position }) => position),
    );
    expect(warm.size).toBe(given.length);
    expect((await started.store.findTenant('t-001'))?.height).toBe(3);
    await expectKeys(started, 't-001', given);
  });

  it('fills an open leaf before it takes a new one', async () => {
    const started = await startedTree();
    await addTenant(started, 't-001');
    await allocate(started, 't-001', 100);
    const next = await allocate(started, 't-001', 30);
    expect(next.map(({ position }) => position)).toEqual(
      Array.from({ length: 30 }, (_, at) => 100 + at),
    );
  });

  it('leaves nothing behind when the transaction fails, and nothing misleads the next one', async () => {
    const started = await startedTree();
    await addTenant(started, 't-001');
    const kept = await allocate(started, 't-001', 64);
    const failing = started.store.transaction(async (tx) => {
      await started.tree.allocate('t-001', 5000 - 1000, tx);
      throw new Error('the record was refused');
    });
    await expect(failing).rejects.toThrow('the record was refused');
    const next = await allocate(started, 't-001', 100);
    expect(next[0]?.position).toBe(64);
    const warm = await started.tree.keysOf(
      't-001',
      [...kept, ...next].map(({ position }) => position),
    );
    expect(warm.size).toBe(164);
    await expectKeys(started, 't-001', [...kept, ...next]);
  });

  it.each([0, -1, 1.5, 4097])('refuses to take %d positions', async (count) => {
    const started = await startedTree();
    await addTenant(started, 't-001');
    await expect(allocate(started, 't-001', count)).rejects.toThrow(RangeError);
  });

  it('refuses a tenant without a tree', async () => {
    const started = await startedTree();
    await expect(allocate(started, 't-009', 1)).rejects.toThrow(UnknownTenantError);
  });
});

describe('reading record keys', () => {
  it('leaves out a position that was never given out', async () => {
    const started = await startedTree();
    await addTenant(started, 't-001');
    await allocate(started, 't-001', 3);
    expect([...(await started.tree.keysOf('t-001', [2, 3, 64, 5000])).keys()]).toEqual([2]);
  });

  it('does not open a leaf moved to another tenant', async () => {
    const started = await startedTree();
    for (const tenant of ['t-001', 't-002']) await addTenant(started, tenant);
    await allocate(started, 't-001', 1);
    const [stolen] = await started.store.readLeaves({ tree: 1, indices: [0] });
    const wrong = createKeyTree({
      ...started,
      deployment,
      store: { ...started.store, readLeaves: async () => (stolen ? [stolen] : []) },
    });
    await expect(wrong.keysOf('t-002', [0])).rejects.toThrow(UnopenableError);
  });

  it('opens a leaf that the caller has read', async () => {
    const started = await startedTree();
    await addTenant(started, 't-001');
    const [given] = await allocate(started, 't-001', 1);
    const [row] = await started.store.readLeaves({
      tree: await started.tree.treeOf('t-001'),
      indices: [0],
    });
    const leaf = await cold(started).openLeaf('t-001', row as NonNullable<typeof row>);
    expect(given && leaf.keyOf(0)?.equals(given.key)).toBe(true);
    leaf.wipe();
    expect(leaf.keyOf(0)).toBeUndefined();
  });

  it('asks the root and reads the path once while the cache is warm, again after the time limit', async () => {
    const started = await startedTree();
    await addTenant(started, 't-001');
    await allocate(started, 't-001', 100);
    let now = 0;
    let opens = 0;
    const sealer = {
      ...nodeSealer,
      openNode: (...args: Parameters<typeof nodeSealer.openNode>) => {
        opens += 1;
        return nodeSealer.openNode(...args);
      },
    };
    const { store, root } = started;
    const tree = createKeyTree({ store, root, deployment, sealer, clock: () => now });
    await tree.keysOf('t-001', [0]);
    const coldOpens = opens;
    await tree.keysOf('t-001', [1, 99]);
    expect(opens).toBe(coldOpens + 2);
    now += 600_001;
    await tree.keysOf('t-001', [1]);
    expect(opens).toBe(2 * coldOpens + 2);
  });

  it('stops after three tries when the tree is damaged', async () => {
    const started = await startedTree();
    await addTenant(started, 't-001');
    await allocate(started, 't-001', 1);
    let reads = 0;
    const store = {
      ...started.store,
      readNodes: async (...args: Parameters<typeof started.store.readNodes>) => {
        reads += 1;
        const rows = await started.store.readNodes(...args);
        return rows.map((row) => ({ ...row, keyGeneration: row.keyGeneration + 1 }));
      },
    };
    const tree = createKeyTree({ store, root: started.root, deployment });
    await expect(tree.keysOf('t-001', [0])).rejects.toThrow(UnopenableError);
    expect(reads).toBe(3);
  });
});

describe('starting on an empty store', () => {
  it('takes up the first root version again when the start before crashed after making it', async () => {
    const root = memoryRoot();
    const store = memoryStore();
    const crashing = { ...store, transaction: () => Promise.reject(new Error('crash')) };
    await expect(createKeyTree({ store: crashing, root, deployment }).initialise()).rejects.toThrow(
      'crash',
    );
    await createKeyTree({ store, root, deployment }).initialise();
    expect((await store.readHead())?.rootRef).toBe('mnv-root-test-1');
  });

  it('refuses when root versions of later epochs exist: the database was lost', async () => {
    const root = memoryRoot();
    await root.create('mnv-root-test-2');
    const tree = createKeyTree({ store: memoryStore(), root, deployment });
    await expect(tree.initialise()).rejects.toThrow(RootUnavailableError);
  });

  it('does nothing the second time', async () => {
    const started = await startedTree();
    const before = await started.store.readHead();
    await cold(started).initialise();
    expect(await started.store.readHead()).toBe(before);
  });
});

describe('adding tenants', () => {
  it('is idempotent and numbers them from 1', async () => {
    const started = await startedTree();
    const ordinals = [];
    for (const tenant of ['t-001', 't-002', 't-001'])
      ordinals.push((await addTenant(started, tenant)).ordinal);
    expect(ordinals).toEqual([1, 2, 1]);
  });

  it('reaches every tenant over several leaves of the tree of tenants', async () => {
    const started = await startedTree();
    const tenants = Array.from({ length: 130 }, (_, at) => `t-${at}`);
    for (const tenant of tenants) await addTenant(started, tenant);
    for (const tenant of tenants) await allocate(started, tenant, 1);
    for (const tenant of tenants) expect((await cold(started).keysOf(tenant, [0])).size).toBe(1);
  });
});
