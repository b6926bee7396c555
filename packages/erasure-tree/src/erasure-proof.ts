import type { MapHead } from './map-head.ts';
import { placeKey } from './place.ts';
import { placesOfProof, provesSlot } from './slot-proof.ts';
import type { SlotProof } from './slot-proof.ts';

/** What the maps before and after an epoch say of one position. */
export type ErasureEvidence = {
  readonly tree: number;
  readonly position: number;
  readonly dekCommitment: Uint8Array;
  readonly intentIndex: number;
  readonly before: { readonly head: MapHead; readonly proof: SlotProof };
  readonly after: { readonly head: MapHead; readonly proof: SlotProof };
};

/** Each claim by itself: a certificate prints them one by one. */
export type ErasureVerdict = {
  readonly liveBefore: boolean;
  readonly erasedAfter: boolean;
  /** Every key on the way to the record, and the root version, are others than before. */
  readonly keysChanged: boolean;
};

export function verifyErasure(evidence: ErasureEvidence): ErasureVerdict {
  const { tree, position, dekCommitment, intentIndex, before, after } = evidence;
  const slot = { position, dekCommitment };
  const live = { tree, position, slot: { state: 'live', ...slot } as const, proof: before.proof };
  const erased = {
    state: 'erased',
    ...slot,
    erasedEpoch: after.head.epoch,
    intentIndex,
  } as const;
  const liveBefore = provesSlot(before.head, live);
  const erasedAfter = provesSlot(after.head, { tree, position, slot: erased, proof: after.proof });
  return {
    liveBefore,
    erasedAfter,
    keysChanged: liveBefore && erasedAfter && isEveryKeyNew(evidence),
  };
}

/** The tree may have grown in between: then there are nodes that were not there before. */
function isEveryKeyNew({ tree, position, before, after }: ErasureEvidence): boolean {
  const old = keysOf({ tree, position, proof: before.proof });
  const now = keysOf({ tree, position, proof: after.proof });
  return (
    after.head.epoch > before.head.epoch &&
    after.head.rootRef !== before.head.rootRef &&
    [...old].every(([place, key]) => now.get(place)?.equals(key) === false)
  );
}

function keysOf(path: { tree: number; position: number; proof: SlotProof }): Map<string, Buffer> {
  const keys = path.proof.steps.map(({ keyCommitment }) => Buffer.from(keyCommitment));
  return new Map(placesOfProof(path).map((place, at) => [placeKey(place), keys[at] as Buffer]));
}
