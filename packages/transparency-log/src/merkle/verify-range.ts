import { equalBytes } from '../equal-bytes.ts';
import { HASH_LENGTH, nodeHash } from './hash.ts';
import { isCount, splitPoint } from './tree-shape.ts';

/** Consecutive leaves from `first`, the size of their tree, and a proof as rangeNodesOf lists it. */
export type LeafRange = {
  first: number;
  leafHashes: readonly Uint8Array[];
  size: number;
  proof: readonly Uint8Array[];
};

/** Receives both children of every node on the way from the range to the root, children first. */
export type OnJoin = (left: Subtree, right: Subtree) => void;
/** Entries from `first` up to, not including, `end`, and the hash over them. */
export type Subtree = { readonly first: number; readonly end: number; readonly hash: Uint8Array };

/** Whether exactly these leaves stand from `first` in the tree with this root. Never throws. */
export function verifyRange(claim: LeafRange & { root: Uint8Array }): boolean {
  if (claim.root.length !== HASH_LENGTH) return false;
  const root = rootFromRange(claim);
  return root !== undefined && equalBytes(root, claim.root);
}

/** The root that a range proof leads to, or undefined if it has not the shape of one. */
export function rootFromRange(range: LeafRange, onJoin?: OnJoin): Uint8Array | undefined {
  if (!isWellFormed(range)) return undefined;
  const { first, leafHashes, size, proof } = range;
  const end = first + leafHashes.length;
  let used = 0;

  function subtree(from: number, to: number): Subtree | undefined {
    const isOutside = to <= first || end <= from;
    if (!isOutside && to - from > 1) return join(from, to);
    const hash = isOutside ? proof[used++] : leafHashes[from - first];
    return hash && { first: from, end: to, hash };
  }

  function join(from: number, to: number): Subtree | undefined {
    const middle = from + splitPoint(to - from);
    const left = subtree(from, middle);
    const right = left && subtree(middle, to);
    if (left === undefined || right === undefined) return undefined;
    onJoin?.(left, right);
    return { first: from, end: to, hash: nodeHash(left.hash, right.hash) };
  }

  const root = subtree(0, size);
  return used === proof.length ? root?.hash : undefined;
}

function isWellFormed({ first, leafHashes, size, proof }: LeafRange): boolean {
  if (!isCount(first) || !isCount(size) || leafHashes.length === 0) return false;
  if (first + leafHashes.length > size) return false;
  return [leafHashes, proof].every((list) => list.every((hash) => hash.length === HASH_LENGTH));
}
