import type { MapProof, MapProofNode } from './map-proof.ts';
import { TENANT_LEVEL, placeKey } from './place.ts';
import type { Place, Slot } from './place.ts';
import type { ProvenSlot } from './prove-slots.ts';
import { slotsOnPath } from './slot-proof.ts';
import type { ProofStep } from './slot-proof.ts';
import { missingSiblings } from './slot-set.ts';

type Gathered = {
  readonly place: Place;
  readonly keyCommitment: Uint8Array;
  readonly used: Set<number>;
  /** By height and index. */
  readonly hashes: Map<string, Uint8Array>;
};

/** Joins proofs one by one: only the nodes are kept. */
export type ProofPacker = {
  /** Throws a TypeError for a proof that is not of the same tree and height as those before. */
  add(proven: ProvenSlot): void;
  /** Throws a TypeError when there is none. */
  pack(): MapProof;
};

/**
 * Joins the proofs of slots of one tenant's tree under one map head into a proof in which every node stands
 * once. Judges nothing: what contradicts itself gives a proof that does not hold.
 */
export function proofPacker(): ProofPacker {
  const nodes = new Map<string, Gathered>();
  let first: { tree: number; height: number } | undefined;
  return {
    add({ tree, position, proof: { height, steps } }) {
      first ??= { tree, height };
      if (first.tree !== tree || first.height !== height)
        throw new TypeError('the proofs are not of one tree');
      const slots = slotsOnPath({ tree, position, height });
      if (slots.length !== steps.length) throw new TypeError('a proof is not of its tree');
      slots.forEach((slot, at) => gather(nodes, slot, steps[at] as ProofStep));
    },
    pack() {
      if (first === undefined) throw new TypeError('there is no proof to pack');
      return { height: first.height, nodes: [...nodes.values()].toSorted(upwards).map(packed) };
    },
  };
}

/** What {@link proofPacker} makes of these proofs. */
export function packSlotProofs(proofs: readonly ProvenSlot[]): MapProof {
  const packer = proofPacker();
  for (const proven of proofs) packer.add(proven);
  return packer.pack();
}

function gather(nodes: Map<string, Gathered>, { place, slot }: Slot, step: ProofStep): void {
  const id = placeKey(place);
  const known = nodes.get(id);
  // Most slots share all but their leaf: what leads up from there is gathered already.
  if (known?.used.has(slot)) return;
  const { keyCommitment, siblings } = step;
  const node = known ?? { place, keyCommitment, used: new Set<number>(), hashes: new Map() };
  node.used.add(slot);
  siblings.forEach((hash, height) => node.hashes.set(hashKey(height, (slot >> height) ^ 1), hash));
  nodes.set(id, node);
}

function packed({ place, keyCommitment, used, hashes }: Gathered): MapProofNode {
  const missing = missingSiblings([...used].toSorted((a, b) => a - b));
  const siblings = missing.map(({ height, index }) => hashes.get(hashKey(height, index)));
  if (siblings.includes(undefined)) throw new TypeError('a proof lacks a sibling');
  return { place, keyCommitment, siblings: siblings as Uint8Array[] };
}

function hashKey(height: number, index: number): string {
  return `${height}/${index}`;
}

/** The order of the way up: the tenant's key tree, its tenant node, the S-tree. */
function upwards(a: Gathered, b: Gathered): number {
  return stage(a.place) - stage(b.place) || a.place.index - b.place.index;
}

function stage({ tree, level }: Place): number {
  return tree === 0 ? TENANT_LEVEL + 1 + level : level;
}
