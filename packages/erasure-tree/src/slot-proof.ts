import { mapHeadHash } from './map-head.ts';
import type { MapHead } from './map-head.ts';
import { HASH_BYTES, nodeHash, rootOfSlotPath } from './merkle64.ts';
import { MAX_HEIGHT, RADIX, S_HEIGHT, parentSlot, slotOfPosition } from './place.ts';
import type { Place, Slot } from './place.ts';
import { slotHash } from './slot-hash.ts';
import type { SlotState } from './slot-hash.ts';
import { SLOT_SIBLINGS } from './slot-set.ts';

/** One node on the way up: its key commitment, and the siblings of the slot below. */
export type ProofStep = {
  readonly keyCommitment: Uint8Array;
  readonly siblings: readonly Uint8Array[];
};

/** That a slot is in a map: nodes from the leaf to the S-root. `height` is that of the tenant's key tree. */
export type SlotProof = { readonly height: number; readonly steps: readonly ProofStep[] };

export type SlotClaim = {
  /** The number of the tenant's tree. */
  readonly tree: number;
  readonly position: number;
  readonly slot: SlotState;
  readonly proof: SlotProof;
};

/**
 * Whether a map head contains a slot. Needs nothing else; the proof may be an attacker's. The head is the
 * caller's to trust: its hash is in the control log, see {@link isHashOfMapHead}.
 */
export function provesSlot(head: MapHead, claim: SlotClaim): boolean {
  if (!isWellFormed(claim)) return false;
  const top = claim.proof.steps.at(-1)?.keyCommitment;
  return (
    top !== undefined && equal(top, head.topKeyCommitment) && equal(nodeOf(claim), head.nodeHash)
  );
}

/** Whether a published hash is that of a head. */
export function isHashOfMapHead(hash: Uint8Array, head: MapHead): boolean {
  return equal(hash, mapHeadHash(head));
}

/** The nodes a proof passes, from the leaf to the S-root. */
export function placesOfProof({ tree, position, proof }: Omit<SlotClaim, 'slot'>): Place[] {
  return slotsOnPath({ tree, position, height: proof.height }).map(({ place }) => place);
}

function nodeOf({ tree, position, slot, proof }: SlotClaim): Uint8Array {
  const slots = slotsOnPath({ tree, position, height: proof.height });
  return proof.steps.reduce((hash, { keyCommitment, siblings }, at) => {
    const { place, slot: number } = slots[at] as Slot;
    return nodeHash(place, keyCommitment, rootOfSlotPath(number, hash, siblings));
  }, slotHash(slot) as Uint8Array);
}

/** The slots a proof passes, from the leaf's to one of the S-root. */
export function slotsOnPath(where: { tree: number; position: number; height: number }): Slot[] {
  const tenant = { tenantId: '', ordinal: where.tree, height: where.height };
  const slots: Slot[] = [];
  for (
    let at: Slot | undefined = slotOfPosition(where.tree, where.position);
    at !== undefined;
    at = parentSlot(at.place, tenant)
  ) {
    slots.push(at);
  }
  return slots;
}

function isWellFormed({ tree, position, slot, proof: { height, steps } }: SlotClaim): boolean {
  return (
    isWithin(height, { from: 1, below: MAX_HEIGHT + 1 }) &&
    isWithin(tree, { from: 1, below: RADIX ** S_HEIGHT }) &&
    isWithin(position, { from: 0, below: RADIX ** height }) &&
    (slot.state === 'empty' || isSlotAt(slot, position)) &&
    steps.length === height + 1 + S_HEIGHT &&
    steps.every(isStep)
  );
}

function isSlotAt(slot: Exclude<SlotState, { state: 'empty' }>, position: number): boolean {
  return (
    slot.position === position &&
    slot.dekCommitment.length === HASH_BYTES &&
    (slot.state === 'live' ||
      (isWithin(slot.erasedEpoch, { from: 1, below: 2 ** 32 }) &&
        isWithin(slot.intentIndex, { from: 0, below: 2 ** 53 })))
  );
}

function isStep({ keyCommitment, siblings }: ProofStep): boolean {
  return (
    siblings.length === SLOT_SIBLINGS &&
    [keyCommitment, ...siblings].every((hash) => hash.length === HASH_BYTES)
  );
}

function isWithin(value: number, { from, below }: { from: number; below: number }): boolean {
  return Number.isSafeInteger(value) && value >= from && value < below;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
