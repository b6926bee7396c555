import { beforeEach, describe, expect, it } from '@jest/globals';
import { StaleNodeError } from '../../src/index.ts';
import type { TreeNode, TreeStore } from '../../src/index.ts';
import type { Backend } from './backend.ts';

const node = (
  [tree, level, index]: readonly [number, number, number],
  changed: Partial<TreeNode> = {},
): TreeNode => ({
  place: { tree, level, index },
  version: 1,
  keyGeneration: 1,
  epoch: 1,
  used: 0,
  sealed: Buffer.alloc(2130, index),
  slotHashes: Buffer.alloc(2048, level),
  keyCommitment: Buffer.alloc(32, tree),
  merkleHash: undefined,
  ...changed,
});

const head = { epoch: 1, rootRef: 'mnv-root-test-1', sealedTopKey: Buffer.alloc(62, 9) };

/** The obligations of a store, see TreeStore. */
export function describeTreeStore<Tx>(backend: Backend<Tx>): void {
  let store: TreeStore<Tx>;
  const insert = (...nodes: TreeNode[]) => store.transaction((tx) => store.insertNodes(nodes, tx));

  beforeEach(async () => {
    store = await backend.empty();
  });

  describe(`the store on ${backend.name}`, () => {
    it('gives every column of a node back as it was written', async () => {
      const nodes = [
        node([1, 0, 7], { used: 3, merkleHash: Buffer.alloc(32, 200) }),
        node([1, 16, 0], { keyGeneration: 4, epoch: 3 }),
        node([262_143, 7, 2 ** 41]),
      ];
      await insert(...nodes);
      expect(await store.readNodes(nodes.map(({ place }) => place))).toEqual(nodes);
      expect(await store.readLeaves({ tree: 1, indices: [6, 7] })).toMatchObject([
        { index: 7, keyGeneration: 1, sealed: Buffer.alloc(2130, 7) },
      ]);
    });

    it('answers and locks in ascending order, and leaves out what is not there', async () => {
      const places = [
        [2, 0, 1],
        [1, 16, 0],
        [1, 0, 9],
        [0, 2, 0],
      ] as const;
      await insert(...places.map((place) => node(place)));
      const wanted = [...places, [1, 1, 0] as const].map((place) => node(place).place);
      const rows = await store.transaction((tx) => store.lockNodes(wanted, tx));
      expect(rows.map(({ place }) => place)).toEqual(
        places.map((place) => node(place).place).toReversed(),
      );
    });

    it('writes a new version over the one that was read, and over no other', async () => {
      await insert(node([1, 0, 0]));
      const [row] = await store.readNodes([node([1, 0, 0]).place]);
      const changed = { ...(row as TreeNode), epoch: 5, used: 64, sealed: Buffer.alloc(2130, 42) };
      const update = () => store.transaction((tx) => store.updateNodes([changed], tx));
      await update();
      expect(await store.readNodes([changed.place])).toEqual([{ ...changed, version: 2 }]);
      await expect(update()).rejects.toThrow(StaleNodeError);
    });

    it('writes all nodes of an update or none', async () => {
      await insert(node([1, 0, 0]), node([1, 0, 1]));
      const update = [node([1, 0, 0], { epoch: 9 }), node([1, 0, 1], { version: 2, epoch: 9 })];
      await expect(store.transaction((tx) => store.updateNodes(update, tx))).rejects.toThrow(
        StaleNodeError,
      );
      expect(await store.countBefore(9)).toBe(2);
    });

    it('refuses a second node at a place', async () => {
      await insert(node([1, 0, 0]));
      await expect(insert(node([1, 0, 0]))).rejects.toThrow(StaleNodeError);
    });

    it('undoes everything of a transaction that fails', async () => {
      const failing = store.transaction(async (tx) => {
        await store.insertHead(head, tx);
        await store.insertTenant('t-001', tx);
        await store.takeLeaves({ tenantId: 't-001', count: 5 }, tx);
        await store.insertNodes([node([1, 0, 0])], tx);
        throw new Error('undone');
      });
      await expect(failing).rejects.toThrow('undone');
      expect(await store.readHead()).toBeUndefined();
      expect(await store.tenants()).toEqual([]);
      expect(await store.countBefore(2)).toBe(0);
    });

    it('shows a transaction its own writes, and nobody else', async () => {
      await store.transaction(async (tx) => {
        await store.insertHead(head, tx);
        const tenant = await store.insertTenant('t-001', tx);
        await store.setHeight({ ...tenant, height: 3 }, tx);
        await store.insertNodes([node([1, 0, 0])], tx);
        expect(await store.readHead(tx)).toEqual(head);
        expect((await store.findTenant('t-001', tx))?.height).toBe(3);
        expect(await store.readNodes([node([1, 0, 0]).place], tx)).toHaveLength(1);
        expect(await store.readHead()).toBeUndefined();
        expect(await store.findTenant('t-001')).toBeUndefined();
        expect(await store.readNodes([node([1, 0, 0]).place])).toEqual([]);
      });
      expect(await store.tenants()).toEqual([{ tenantId: 't-001', ordinal: 1, height: 3 }]);
    });

    it('moves the head from the epoch it is at, and from no other', async () => {
      const next = { epoch: 4, rootRef: 'mnv-root-test-4', sealedTopKey: Buffer.alloc(62, 1) };
      await store.transaction((tx) => store.insertHead(head, tx));
      const move = (fromEpoch: number) =>
        store.transaction((tx) => store.updateHead({ fromEpoch, head: next }, tx));
      await expect(move(2)).rejects.toThrow(StaleNodeError);
      await move(1);
      expect(await store.readHead()).toEqual(next);
      await expect(move(1)).rejects.toThrow(StaleNodeError);
    });

    it('numbers tenants from 1, and gives leaf indices once', async () => {
      await store.transaction((tx) => store.insertHead({ ...head, epoch: 6 }, tx));
      const tenants = [];
      for (const id of ['t-001', 't-002']) {
        tenants.push(await store.transaction((tx) => store.insertTenant(id, tx)));
      }
      expect(tenants.map(({ ordinal }) => ordinal)).toEqual([1, 2]);
      const take = (count: number) =>
        store.transaction((tx) => store.takeLeaves({ tenantId: 't-002', count }, tx));
      const taken = await Promise.all([take(1), take(3), take(2)]);
      const indices = taken.flatMap(({ first }, at) =>
        Array.from({ length: [1, 3, 2][at] as number }, (_, more) => first + more),
      );
      expect(indices.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(taken[0]).toMatchObject({ epoch: 6, tenant: { ordinal: 2, height: 1 } });
      await expect(
        store.transaction((tx) => store.takeLeaves({ tenantId: 't-009', count: 1 }, tx)),
      ).rejects.toThrow(StaleNodeError);
    });

    it('finds open leaves, and only leaves', async () => {
      await insert(
        node([1, 0, 0], { used: 64 }),
        node([1, 0, 2], { used: 63 }),
        node([1, 0, 1], { used: 1 }),
        node([1, 1, 0]),
        node([2, 0, 0]),
      );
      expect(await store.openLeaves(1)).toEqual([1, 2]);
      const open = await store.transaction((tx) => store.lockOpenLeaf(1, tx));
      expect(open?.place.index).toBe(1);
      expect(await store.transaction((tx) => store.lockOpenLeaf(3, tx))).toBeUndefined();
    });

    it('finds what an epoch has still to do', async () => {
      const done = { epoch: 3 };
      await insert(
        node([1, 0, 0]),
        node([1, 0, 1], done),
        node([1, 0, 2], { epoch: 2 }),
        node([1, 1, 0]),
      );
      const places = [0, 1, 2, 5].map((index) => node([1, 0, index]).place);
      const indices = (found: TreeNode['place'][]) => found.map(({ index }) => index);
      expect(indices(await store.placesBefore({ places, epoch: 3 }))).toEqual([0, 2]);
      const scan = { tree: 1, level: 0, epoch: 3, after: -1, limit: 10 };
      expect(indices(await store.scanBefore(scan))).toEqual([0, 2]);
      expect(indices(await store.scanBefore({ ...scan, limit: 1 }))).toEqual([0]);
      expect(indices(await store.scanBefore({ ...scan, after: 0 }))).toEqual([2]);
      expect(await store.countBefore(3)).toBe(3);
      expect(await store.countBefore(2)).toBe(2);
    });

    it('finds what the map has still to do', async () => {
      const fresh = { merkleHash: Buffer.alloc(32, 1) };
      await insert(
        node([1, 0, 0]),
        node([1, 0, 1], fresh),
        node([1, 0, 2]),
        node([2, 0, 0], fresh),
        node([0, 2, 0]),
      );
      expect((await store.staleTrees()).toSorted((a, b) => a - b)).toEqual([0, 1]);
      const scan = { tree: 1, level: 0, after: -1, limit: 10 };
      const indices = (found: TreeNode['place'][]) => found.map(({ index }) => index);
      expect(indices(await store.scanStale(scan))).toEqual([0, 2]);
      expect(indices(await store.scanStale({ ...scan, after: 0 }))).toEqual([2]);
      expect(indices(await store.scanStale({ ...scan, limit: 1 }))).toEqual([0]);
      expect(indices(await store.scanStale({ ...scan, level: 1 }))).toEqual([]);
    });
  });
}
