import { sha256, u64, u8 } from './field-encoding.ts';
import { RADIX } from './place.ts';
import type { Place } from './place.ts';
import type { TreeNode } from './tree-store.ts';

export const HASH_BYTES = 32;
export const SLOT_HASHES_BYTES = RADIX * HASH_BYTES;

/** Six sibling hashes, from the slot upwards. */
export type SlotPath = readonly Uint8Array[];

const pair = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

export function hashPair(left: Uint8Array, right: Uint8Array): Buffer {
  pair.set(left, 1);
  pair.set(right, 1 + HASH_BYTES);
  return sha256(pair);
}

/** The hash list of every height of a binary Merkle tree over 64 hashes: 64, 32 … 1. Inner = H(01‖l‖r). */
function heights(slotHashes: Buffer): Buffer[][] {
  let row = Array.from({ length: RADIX }, (_, slot) => hashAt(slotHashes, slot));
  const rows = [row];
  while (row.length > 1) {
    const below = row;
    row = Array.from({ length: below.length / 2 }, (_, at) =>
      hashPair(below[2 * at] as Buffer, below[2 * at + 1] as Buffer),
    );
    rows.push(row);
  }
  return rows;
}

/** One of the 64 hashes, without a copy. */
export function hashAt(slotHashes: Buffer, slot: number): Buffer {
  return slotHashes.subarray(slot * HASH_BYTES, (slot + 1) * HASH_BYTES);
}

/** M64: the Merkle root over 64 slot hashes of 32 bytes. */
export function merkle64(slotHashes: Buffer): Buffer {
  return heights(slotHashes).at(-1)?.[0] as Buffer;
}

/** The siblings that lead from a slot to {@link merkle64}, for any slot of one node. */
export function slotPaths(slotHashes: Buffer): (slot: number) => Buffer[] {
  const rows = heights(slotHashes).slice(0, -1);
  return (slot) => rows.map((row, height) => row[(slot >> height) ^ 1] as Buffer);
}

/** The root that a slot hash and its six siblings lead to. */
export function rootOfSlotPath(slot: number, hash: Uint8Array, path: SlotPath): Uint8Array {
  return path.reduce(
    (node, sibling, height) =>
      (slot >> height) & 1 ? hashPair(sibling, node) : hashPair(node, sibling),
    hash,
  );
}

/** H(02‖tree‖level‖index‖key commitment‖M64): what a parent holds of a child node. */
export function nodeHash(place: Place, keyCommitment: Uint8Array, slots: Uint8Array): Buffer {
  const { tree, level, index } = place;
  return sha256(Buffer.concat([u8(2), u64(tree), u8(level), u64(index), keyCommitment, slots]));
}

/** The hash of a node from its slots as they are. */
export function hashOf(node: Pick<TreeNode, 'place' | 'keyCommitment' | 'slotHashes'>): Buffer {
  return nodeHash(node.place, node.keyCommitment, merkle64(node.slotHashes));
}
