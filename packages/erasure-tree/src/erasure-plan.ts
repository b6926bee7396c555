import type { MapHead } from './map-head.ts';
import type { TreeHead } from './tree-store.ts';

/** What one epoch erases. Frozen and durable before it starts. */
export type ErasurePlan = {
  /** Greater than every epoch before, aborted ones included: a root version's label is used once. */
  readonly epoch: number;
  /** Index of the control-log entry that announced the erasure. */
  readonly intentIndex: number;
  /** LIVE positions by tenant. None at all makes a rotation: a fresh key for every node there is. */
  readonly items: ReadonlyMap<string, readonly number[]>;
};

/** What the certificate needs of an erased position. Holds nothing of the number. */
export type ErasedSlot = {
  readonly tenantId: string;
  readonly position: number;
  readonly dekCommitment: Buffer;
};

export type Flip = {
  readonly from: TreeHead;
  readonly to: TreeHead;
  /** The live-key map from now on: every position of the plan is ERASED in it. */
  readonly mapHead: MapHead;
};

/** First in every transaction of the lease holder: rejects once the lease is lost. */
export type Fence<Tx> = (tx: Tx) => Promise<void>;

/** What the caller does inside the epoch's own transactions; a rejection undoes the transaction. */
export type EpochHooks<Tx> = {
  readonly fence: Fence<Tx>;
  /** In the transaction that erases these slots. A slot already without a key is not among them. */
  readonly erased: (slots: readonly ErasedSlot[], tx: Tx) => Promise<void>;
  /** In the transaction of the flip. */
  readonly flipped: (flip: Flip, tx: Tx) => Promise<void>;
};

export function isRotation({ items }: ErasurePlan): boolean {
  return [...items.values()].every((positions) => positions.length === 0);
}
