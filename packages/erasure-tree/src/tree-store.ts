import type { Place, TenantTree } from './place.ts';

/** One node as stored. Public but for `sealed`, which opens only with the node's key. */
export type TreeNode = {
  readonly place: Place;
  /** Grows by one with every write; writers compare and set. */
  readonly version: number;
  /** Grows by one with every fresh key. */
  readonly keyGeneration: number;
  /** The epoch in which the current key was made. */
  readonly epoch: number;
  /** Leaves: how many positions are assigned, or 64 once the leaf is closed. Inner nodes: 0. */
  readonly used: number;
  readonly sealed: Buffer;
  /** 64 × 32 bytes. An inner node's slot lags behind a stale child until the map is refreshed. */
  readonly slotHashes: Buffer;
  readonly keyCommitment: Buffer;
  /** Undefined = stale. While defined, the parent's slot holds the same hash. */
  readonly merkleHash: Buffer | undefined;
};

/** The one row that says which root version seals the top key. Its epoch only grows. */
export type TreeHead = {
  readonly epoch: number;
  readonly rootRef: string;
  readonly sealedTopKey: Buffer;
};

/** What reading record keys needs of a leaf: the columns `idx`, `key_generation`, `sealed`. */
export type LeafRow = {
  readonly index: number;
  readonly keyGeneration: number;
  readonly sealed: Buffer;
};

/** A compare-and-set lost: the caller's transaction must fail, and may be tried again as a whole. */
export class StaleNodeError extends Error {
  override readonly name = 'StaleNodeError';

  constructor() {
    super('a node changed since it was read');
  }
}

/**
 * Where nodes are kept. Reads take an optional transaction; writes and locks need one. Obligations:
 * a lock holds until the transaction ends; what a transaction wrote is seen by all or none; `insertNodes`
 * refuses a place that exists; `updateNodes` compares every `version` (the one read) and throws
 * {@link StaleNodeError} unless all match.
 */
export type TreeStore<Tx> = {
  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  readHead(tx?: Tx): Promise<TreeHead | undefined>;
  /** What makes the first start, additions of tenants and flips wait for each other; also before there is a head. */
  lockHead(tx: Tx): Promise<TreeHead | undefined>;
  insertHead(head: TreeHead, tx: Tx): Promise<void>;
  /** Throws {@link StaleNodeError} unless the stored epoch is `fromEpoch`. */
  updateHead(change: { fromEpoch: number; head: TreeHead }, tx: Tx): Promise<void>;
  tenants(): Promise<TenantTree[]>;
  findTenant(tenantId: string, tx?: Tx): Promise<TenantTree | undefined>;
  /** Gives the next ordinal, from 1. The caller holds the head's lock. A new tree has height 1, one leaf. */
  insertTenant(tenantId: string, tx: Tx): Promise<TenantTree>;
  /** Takes leaf indices that nobody else ever gets, and locks the tenant's row. */
  takeLeaves(request: { tenantId: string; count: number }, tx: Tx): Promise<TakenLeaves>;
  setHeight(tenant: TenantTree, tx: Tx): Promise<void>;
  readNodes(places: readonly Place[], tx?: Tx): Promise<TreeNode[]>;
  /** The hot read: leaves of one tree without their public part. */
  readLeaves(request: { tree: number; indices: readonly number[] }, tx?: Tx): Promise<LeafRow[]>;
  /** Locks in ascending (tree, level, index); places without a node are left out. */
  lockNodes(places: readonly Place[], tx: Tx): Promise<TreeNode[]>;
  /** Locks the first leaf with a free slot that nobody else has locked, if there is one. */
  lockOpenLeaf(tree: number, tx: Tx): Promise<TreeNode | undefined>;
  /** The leaves with a free slot: seldom more than there are creators at once. */
  openLeaves(tree: number): Promise<number[]>;
  /** Of these places, the ones whose key was made before an epoch: what that epoch still has to do. */
  placesBefore(request: { places: readonly Place[]; epoch: number }): Promise<Place[]>;
  /**
   * The same over a whole level of a tree, in ascending order, from the index after `after`. Fewer than `limit`
   * does not mean that there are no more; none does.
   */
  scanBefore(scan: Scan & { epoch: number }): Promise<Place[]>;
  countBefore(epoch: number): Promise<number>;
  /** The trees that have stale nodes. */
  staleTrees(): Promise<number[]>;
  scanStale(scan: Scan): Promise<Place[]>;
  insertNodes(nodes: readonly TreeNode[], tx: Tx): Promise<void>;
  updateNodes(nodes: readonly TreeNode[], tx: Tx): Promise<void>;
};

export type Scan = {
  readonly tree: number;
  readonly level: number;
  readonly after: number;
  readonly limit: number;
};

/** `epoch` is the head's: the one new keys are born in. */
export type TakenLeaves = {
  readonly first: number;
  readonly tenant: TenantTree;
  readonly epoch: number;
};
