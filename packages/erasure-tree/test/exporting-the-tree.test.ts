import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  TreeExportError,
  erasureEpoch,
  memoryStore,
  readTreeExport,
  sealRecord,
  verifyTreeExport,
} from '../src/index.ts';
import type { Allocation, SampledRecord, TreeNode } from '../src/index.ts';
import { exportOf, inPieces } from './contract/store-export.ts';
import { deployment, treeWorld } from './contract/world.ts';

const PIECE = 5_000;
const tenantId = 't-001';

/** A tree with records, some of which an epoch has erased. */
async function filledTree({ count = 100, erased = 0 } = {}) {
  const store = memoryStore();
  const world = await treeWorld(store);
  await world.addTenant('t-000');
  await world.addTenant(tenantId);
  const tree = world.instance();
  const given = await store.transaction((tx) => tree.allocate(tenantId, count, tx));
  const ordinal = await tree.treeOf(tenantId);
  const records = given.map((allocation) => recordOf(allocation, ordinal));
  const gone = records.slice(0, erased);
  if (erased > 0) await erase(world, gone);
  return { world, store, living: records.slice(erased), gone };
}

type World = Awaited<ReturnType<typeof treeWorld>>;

async function erase(world: World, gone: readonly SampledRecord[]): Promise<void> {
  const items = new Map([[tenantId, gone.map(({ position }) => position)]]);
  const plan = { epoch: 2, intentIndex: 1, items };
  const epoch = erasureEpoch(world.instance().parts, plan, {
    fence: async () => undefined,
    erased: async () => undefined,
    flipped: async () => undefined,
  });
  for (let did = ''; did !== 'nothing'; ) ({ did } = await epoch.next());
}

function recordOf({ position, key: dek }: Allocation, tree: number): SampledRecord {
  const recordId = randomUUID();
  const field = 'individual-number' as const;
  const aad = { deployment, tenantId, recordId, position, field, schema: 1 as const };
  const blob = sealRecord({ dek, aad, plaintextBlock: randomBytes(32) });
  return { tenantId, tree, recordId, position, blob };
}

const verify = (bytes: Buffer, world: World, sample: readonly SampledRecord[] = []) =>
  verifyTreeExport(readTreeExport(inPieces(bytes, PIECE)), {
    root: world.root,
    deployment,
    sample,
  });

const codeOf = async (work: Promise<unknown>) => {
  try {
    await work;
    return 'accepted';
  } catch (error) {
    if (error instanceof TreeExportError) return error.code;
    throw error;
  }
};

const withoutKey = (one: SampledRecord) => ({ ...one, blob: undefined });

describe('an export of the key tree', () => {
  it('opens every living record and no erased one, under the root version in its head alone', async () => {
    const { world, store, living, gone } = await filledTree({ count: 200, erased: 70 });
    await world.destroyOldRoots();
    const { bytes, end } = await exportOf(store);
    const verified = await verify(bytes, world, [...living, ...gone.map(withoutKey)]);
    expect(verified).toMatchObject({ keys: 130, opened: 130, stayedShut: 70, end });
    expect(await codeOf(verify(bytes, world, gone))).toBe('not-restorable');
  });

  it('comes out the same in whatever pieces it is read', async () => {
    const { store } = await filledTree();
    const { bytes, end } = await exportOf(store);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20_000 }), async (size) => {
        const parts = await Array.fromAsync(readTreeExport(inPieces(bytes, size)));
        expect(parts.at(-1)).toEqual({ part: 'end', end });
      }),
      { numRuns: 20, examples: [[1]] },
    );
  });

  it('is refused wherever it is cut off', async () => {
    const { store, world } = await filledTree();
    const { bytes } = await exportOf(store);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async (length) => {
        expect(await codeOf(verify(bytes.subarray(0, length), world))).toBe('truncated');
      }),
      { numRuns: 50, examples: [[0], [bytes.length - 1]] },
    );
  });

  it('is refused whichever byte of it is changed', async () => {
    const { store, world } = await filledTree();
    const { bytes } = await exportOf(store);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: bytes.length - 1 }), async (at) => {
        const altered = Buffer.from(bytes);
        altered.writeUInt8(altered.readUInt8(at) ^ 1, at);
        await expect(verify(altered, world)).rejects.toThrow(/export|root version/);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    ['a leaf is missing', (nodes: TreeNode[]) => nodes.slice(0, -1)],
    ['nodes stand in another order', (nodes: TreeNode[]) => nodes.toReversed()],
    ['a node is there twice', (nodes: TreeNode[]) => [...nodes, ...nodes.slice(-1)]],
    ['an inner node is missing', (nodes: TreeNode[]) => nodes.filter((_, at) => at !== 1)],
    [
      'a leaf commits to another key than it is sealed under',
      (nodes: TreeNode[]) => [
        ...nodes.slice(0, -1),
        ...nodes.slice(-1).map((node) => ({ ...node, keyCommitment: randomBytes(32) })),
      ],
    ],
  ])('is no way back when %s, however well its digest fits', async (_, change) => {
    const { store, world } = await filledTree();
    const { bytes } = await exportOf(store, change);
    expect(await codeOf(verify(bytes, world))).toBe('not-restorable');
  });

  it('is no way back when a record that is said to be erased still has its key', async () => {
    const { store, world, living, gone } = await filledTree({ erased: 3 });
    const { bytes } = await exportOf(store);
    const [revived] = living.map(withoutKey);
    const sample = [...living.slice(1), ...gone.map(withoutKey)];
    expect(await codeOf(verify(bytes, world, sample))).toBe('accepted');
    expect(await codeOf(verify(bytes, world, [...sample, revived as SampledRecord]))).toBe(
      'not-restorable',
    );
  });

  it('from before an epoch opens nothing once the old root version is destroyed', async () => {
    const { world, store, living } = await filledTree();
    const { bytes } = await exportOf(store);
    await erase(world, living.slice(0, 1));
    await world.destroyOldRoots();
    await expect(verify(bytes, world, living)).rejects.toThrow('the root version cannot be used');
  });
});
