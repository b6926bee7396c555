import type { KeyObject } from 'node:crypto';
import type { Clock } from '@mnv/core';
import { addTenant } from './add-tenant.ts';
import { allocate } from './allocate.ts';
import type { Allocation } from './fill-slots.ts';
import { initialiseTree } from './initialise-tree.ts';
import type { PathSource, TreeParts } from './node-opener.ts';
import { openLeaf } from './open-leaf.ts';
import type { OpenLeaf } from './open-leaf.ts';
import { openedNodes } from './opened-nodes.ts';
import type { CacheLimits } from './opened-nodes.ts';
import { RADIX } from './place.ts';
import type { TenantTree } from './place.ts';
import type { RootProvider } from './root-provider.ts';
import { nodeSealer } from './sealer.ts';
import type { Sealer } from './sealer.ts';
import { tenantTrees } from './tenant-trees.ts';
import type { LeafRow, TreeStore } from './tree-store.ts';

export type KeyTreeOptions<Tx> = {
  readonly store: TreeStore<Tx>;
  readonly root: RootProvider;
  readonly deployment: string;
  readonly clock?: Clock;
  readonly cache?: CacheLimits;
  readonly sealer?: Sealer;
  /** What else was learnt by opening and has to go with the keys. */
  readonly onForget?: () => void;
};

/** The erasure key tree: where record keys come from, and the only way back to them. */
export type KeyTree<Tx> = {
  /** Makes root version and S-root on an empty store; otherwise does nothing. */
  initialise(): Promise<void>;
  /** The tenant's tree, made if need be. `ordinal` is `node.tree` of its nodes. */
  addTenant(tenantId: string, tx: Tx): Promise<TenantTree>;
  /** New positions with their record keys, durable with the caller's transaction. Once a transaction. */
  allocate(tenantId: string, count: number, tx: Tx): Promise<Allocation[]>;
  /** `node.tree` of a tenant. Throws {@link UnknownTenantError}. */
  treeOf(tenantId: string): Promise<number>;
  /** Opens a leaf row the caller has read with its own statement. */
  openLeaf(tenantId: string, row: LeafRow): Promise<OpenLeaf>;
  /** Reads each leaf once and opens it. A position that is erased or was never given out is absent. */
  keysOf(tenantId: string, positions: readonly number[], tx?: Tx): Promise<Map<number, KeyObject>>;
  /** Drops every key in memory: the answer to an epoch's fence. */
  forget(): void;
  /** For the epoch and the live-key map. */
  readonly parts: TreeParts<Tx>;
};

export function createKeyTree<Tx>(options: KeyTreeOptions<Tx>): KeyTree<Tx> {
  const { store, root, deployment, clock = Date.now, sealer = nodeSealer } = options;
  const parts = { store, root, deployment, sealer, opened: openedNodes(clock, options.cache) };
  const trees = tenantTrees(store);
  return {
    parts,
    initialise: () => initialiseTree(parts),
    addTenant: (tenantId, tx) => addTenant(parts, tenantId, tx),
    allocate: (tenantId, count, tx) =>
      allocate(
        parts,
        { count, findTenant: (source) => trees.require(tenantId, { source, tx }) },
        tx,
      ),
    treeOf: async (tenantId) => (await trees.require(tenantId, { source: 'cached' })).ordinal,
    openLeaf: (tenantId, row) =>
      openLeaf(parts, { row, findTenant: (source) => trees.require(tenantId, { source }) }),
    keysOf: (tenantId, positions, tx) =>
      keysOf(parts, {
        positions,
        findTenant: (source) => trees.require(tenantId, { source, tx }),
        tx,
      }),
    forget: () => {
      parts.opened.clear();
      options.onForget?.();
    },
  };
}

type KeysRequest<Tx> = {
  readonly positions: readonly number[];
  readonly findTenant: (source: PathSource) => Promise<TenantTree>;
  readonly tx: Tx | undefined;
};

async function keysOf<Tx>(
  parts: TreeParts<Tx>,
  { positions, findTenant, tx }: KeysRequest<Tx>,
): Promise<Map<number, KeyObject>> {
  const { ordinal: tree } = await findTenant('cached');
  const leaves = Map.groupBy(positions, (position) => Math.floor(position / RADIX));
  const keys = new Map<number, KeyObject>();
  for (const row of await parts.store.readLeaves({ tree, indices: [...leaves.keys()] }, tx)) {
    const leaf = await openLeaf(parts, { row, findTenant, tx });
    for (const position of leaves.get(row.index) ?? []) {
      const key = leaf.keyOf(position);
      if (key) keys.set(position, key);
    }
    leaf.wipe();
  }
  return keys;
}
