/** The vault's restore fence. `size`: entries of its control log. */
export type RestoreState = { state: 'serving' | 'reconciling'; reasons: string[]; size: number };

/** What restored records are worth beside the current key tree, in numbers of records. */
export type RestoreFindings = Record<'living' | 'zombies' | 'unknown' | 'damaged' | 'lost', number>;

export type Reconciliation = {
  state: 'proposed' | 'reconciled';
  reason: string;
  findings: RestoreFindings;
  /** Records that were disposed of before, and dropped again. */
  dropped: number;
};

export type KeyTreeExport = {
  name: string;
  epoch: number;
  takenAt: string;
  bytes: number;
  nodes: number;
  /** SHA-256 of the file, base64url: as in the control log. */
  digest: string;
};

/** A rotation of the root version and of every node key. */
export type Rotation = {
  rotationId: string;
  /** `waiting` until an epoch takes it, then the epoch's state; at last `done`. */
  state: string;
  epoch?: number;
  /** Of the entry in the control log which says that nothing is left under the old root version. */
  rotatedIndex?: number;
};
