import type { MapHead } from './map-head.ts';
import { HASH_BYTES, nodeHash } from './merkle64.ts';
import { MAX_HEIGHT, RADIX, S_HEIGHT, parentSlot, placeKey, slotOfPosition } from './place.ts';
import type { Place } from './place.ts';
import { slotHash } from './slot-hash.ts';
import type { SlotState } from './slot-hash.ts';
import { rootOfSlots } from './slot-set.ts';

/** A node on the way up from several slots: its key commitment, and the hashes the nodes below do not give. */
export type MapProofNode = {
  readonly place: Place;
  readonly keyCommitment: Uint8Array;
  readonly siblings: readonly Uint8Array[];
};

/**
 * That many slots of one tenant's tree are in a map. Every node stands once, however many slots lie below it:
 * leaves first, then level by level up to the S-root, by index within a level. `height` is that of the
 * tenant's key tree.
 */
export type MapProof = { readonly height: number; readonly nodes: readonly MapProofNode[] };

/** Slots of one tenant's tree, each at its own position; in any order. */
export type MapClaim = {
  readonly tree: number;
  readonly slots: readonly Exclude<SlotState, { state: 'empty' }>[];
  readonly proof: MapProof;
};

type SlotBelow = { readonly place: Place; readonly slot: number; readonly hash: Uint8Array };

/**
 * Whether a map head contains all the slots; if so the key commitments of every node on their ways, by place.
 * Needs nothing else; the proof may be an attacker's. No slot at all proves nothing: undefined.
 */
export function keysOfProvenMap(
  head: MapHead,
  claim: MapClaim,
): ReadonlyMap<string, Uint8Array> | undefined {
  if (!isWellFormed(claim)) return undefined;
  const climbed = climb(claim);
  if (climbed === undefined || !equal(climbed.top.hash, head.nodeHash)) return undefined;
  return equal(climbed.top.keyCommitment, head.topKeyCommitment) ? climbed.keys : undefined;
}

type Climbed = {
  readonly top: { readonly hash: Uint8Array; readonly keyCommitment: Uint8Array };
  readonly keys: Map<string, Uint8Array>;
};

function climb({ tree, slots, proof }: MapClaim): Climbed | undefined {
  const tenant = { tenantId: '', ordinal: tree, height: proof.height };
  const keys = new Map<string, Uint8Array>();
  let row = slotsInLeaves(tree, slots);
  let next = 0;
  while (row.length > 0) {
    const above: SlotBelow[] = [];
    for (const below of byNode(row)) {
      const node = proof.nodes[next++];
      const hash = node && hashOfNode(node, below);
      if (node === undefined || hash === undefined) return undefined;
      keys.set(placeKey(node.place), node.keyCommitment);
      const parent = parentSlot(node.place, tenant);
      if (parent !== undefined) above.push({ ...parent, hash });
      else if (next === proof.nodes.length)
        return { top: { hash, keyCommitment: node.keyCommitment }, keys };
    }
    row = above;
  }
  return undefined;
}

function slotsInLeaves(tree: number, slots: MapClaim['slots']): SlotBelow[] {
  return slots
    .toSorted((a, b) => a.position - b.position)
    .map((slot) => ({ ...slotOfPosition(tree, slot.position), hash: slotHash(slot) }));
}

/** The slots of one level, those of one node together. They are ascending, and so are the nodes. */
function* byNode(row: readonly SlotBelow[]): Generator<SlotBelow[]> {
  let from = 0;
  for (let to = 1; to <= row.length; to += 1) {
    if (to < row.length && row[to]?.place.index === row[from]?.place.index) continue;
    yield row.slice(from, to);
    from = to;
  }
}

function hashOfNode(node: MapProofNode, below: readonly SlotBelow[]): Uint8Array | undefined {
  const place = below[0]?.place;
  if (place === undefined || placeKey(place) !== placeKey(node.place)) return undefined;
  const slots = rootOfSlots(below, node.siblings);
  return slots && nodeHash(place, node.keyCommitment, slots);
}

function isWellFormed({ tree, slots, proof: { height, nodes } }: MapClaim): boolean {
  return (
    isWithin(height, { from: 1, below: MAX_HEIGHT + 1 }) &&
    isWithin(tree, { from: 1, below: RADIX ** S_HEIGHT }) &&
    new Set(slots.map(({ position }) => position)).size === slots.length &&
    slots.every((slot) => isSlot(slot, RADIX ** height)) &&
    nodes.every(({ keyCommitment, siblings }) =>
      [keyCommitment, ...siblings].every((hash) => hash.length === HASH_BYTES),
    )
  );
}

function isSlot(slot: MapClaim['slots'][number], positions: number): boolean {
  return (
    isWithin(slot.position, { from: 0, below: positions }) &&
    slot.dekCommitment.length === HASH_BYTES &&
    (slot.state === 'live' ||
      (isWithin(slot.erasedEpoch, { from: 1, below: 2 ** 32 }) &&
        isWithin(slot.intentIndex, { from: 0, below: 2 ** 53 })))
  );
}

function isWithin(value: number, { from, below }: { from: number; below: number }): boolean {
  return Number.isSafeInteger(value) && value >= from && value < below;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
