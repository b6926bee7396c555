import type { MapHead } from '@mnv/erasure-tree';

/**
 * planned: the batches are chosen · proved: every item is proved LIVE · intent: announced in the control log ·
 * rooted: the new root version is in the log · rekeying: keys are dropped, there is no way back · flipped: the
 * tree stands on the new root · fenced: nothing answers from before the flip · done. Until `rekeying` it may
 * become aborting, and aborted.
 */
export type EpochState =
  | 'planned'
  | 'proved'
  | 'intent'
  | 'rooted'
  | 'rekeying'
  | 'flipped'
  | 'fenced'
  | 'done'
  | 'aborting'
  | 'aborted';

/** A rotation erases nothing and gives every node a fresh key. */
export type EpochKind = 'erasure' | 'rotation';

export type EpochJob = {
  epoch: number;
  kind: EpochKind;
  state: EpochState;
  /** That of the runner who read it. */
  fence: number;
  /** Size of the control log when it was planned. */
  logFrom: number;
  rootFrom: string;
  mapBefore: MapHead | undefined;
  mapAfter: MapHead | undefined;
  /** Places in the control log. */
  intentIndex: number | undefined;
  rootIndex: number | undefined;
  flippedIndex: number | undefined;
  fencedIndex: number | undefined;
  doneIndex: number | undefined;
};

/** The job as its runner left it: another runner, or an abort, leaves it otherwise. */
export type HeldJob = Pick<EpochJob, 'epoch' | 'fence' | 'state'>;

/** A batch of an epoch. */
export type EpochBatch = {
  disposalId: string;
  tenantId: string;
  /** base64url. */
  batchHash: string;
  count: number;
  approvals: number[];
};

/** Another runner has taken over, or the epoch was aborted: whoever gets this stops, and looks again. */
export class EpochLost extends Error {
  override readonly name = 'EpochLost';

  constructor() {
    super('the epoch is not in the state this runner left it in');
  }
}
