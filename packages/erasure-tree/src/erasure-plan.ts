import type { TreeHead } from './tree-store.ts';

/** What one epoch erases. Frozen and durable before it starts; nothing to erase makes a plain rotation. */
export type ErasurePlan = {
  /** Greater than every epoch before, aborted ones included: a root version's label is used once. */
  readonly epoch: number;
  /** Index of the control-log entry that announced the erasure. */
  readonly intentIndex: number;
  /** Positions by tenant. */
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
  /** The S-root's key commitment from now on. */
  readonly topKeyCommitment: Buffer;
};

/** What the caller does inside the epoch's own transactions; a rejection undoes the transaction. */
export type EpochHooks<Tx> = {
  /** First in every transaction: rejects once this runner has lost its lease. */
  readonly fence: (tx: Tx) => Promise<void>;
  /** In the transaction that erases these slots. A slot already without a key is not among them. */
  readonly erased: (slots: readonly ErasedSlot[], tx: Tx) => Promise<void>;
  /** In the transaction of the flip. */
  readonly flipped: (flip: Flip, tx: Tx) => Promise<void>;
};
