import { equalBytes } from '../equal-bytes.ts';
import { HASH_LENGTH, nodeHash } from './hash.ts';
import { isCount } from './tree-shape.ts';

export type InclusionClaim = {
  index: number;
  size: number;
  leafHash: Uint8Array;
  root: Uint8Array;
  proof: readonly Uint8Array[];
};

/** Whether the leaf is at `index` of the tree of `size` with this root (RFC 9162 §2.1.3.2). Never throws. */
export function verifyInclusion(claim: InclusionClaim): boolean {
  if (claim.root.length !== HASH_LENGTH) return false;
  const root = rootFromInclusion(claim);
  return root !== undefined && equalBytes(root, claim.root);
}

/** The root that an inclusion proof leads to, or undefined if it has not the shape of one. */
export function rootFromInclusion(claim: Omit<InclusionClaim, 'root'>): Uint8Array | undefined {
  if (!isWellFormed(claim)) return undefined;
  let node = claim.index;
  let last = claim.size - 1;
  let hash = claim.leafHash;
  for (const sibling of claim.proof) {
    if (last === 0) return undefined;
    if (node % 2 === 1 || node === last) {
      hash = nodeHash(sibling, hash);
      // A node without right sibling stands for itself on the levels above.
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hash : undefined;
}

function isWellFormed({ index, size, leafHash, proof }: Omit<InclusionClaim, 'root'>): boolean {
  if (!isCount(index) || !isCount(size) || index >= size) return false;
  return [leafHash, ...proof].every((hash) => hash.length === HASH_LENGTH);
}
