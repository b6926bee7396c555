import { equalBytes } from '../equal-bytes.ts';
import { HASH_LENGTH, nodeHash } from './hash.ts';
import { isCount } from './tree-shape.ts';

export type ConsistencyClaim = {
  size1: number;
  root1: Uint8Array;
  size2: number;
  root2: Uint8Array;
  proof: readonly Uint8Array[];
};

/**
 * Whether the tree of `size1` is a prefix of the tree of `size2` (RFC 9162 §2.1.4.2). Never throws.
 * `size1` is at least 1: nothing can be proven about a tree without entries, so that is no proof.
 * Equal sizes need equal roots and an empty proof.
 */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  const { size1, root1, size2, root2, proof } = claim;
  if (!isCount(size1) || !isCount(size2) || size1 === 0 || size1 > size2) return false;
  if (![root1, root2, ...proof].every((hash) => hash.length === HASH_LENGTH)) return false;
  if (size1 === size2) return proof.length === 0 && equalBytes(root1, root2);
  return proof.length > 0 && provesPrefix(claim);
}

function provesPrefix({ size1, root1, size2, root2, proof }: ConsistencyClaim): boolean {
  let { node, last } = lowestSharedNode(size1, size2);
  const path = node === 0 ? [root1, ...proof] : proof;
  let old = path[0] as Uint8Array;
  let grown = old;
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      old = nodeHash(sibling, old);
      grown = nodeHash(sibling, grown);
      while (node % 2 === 0 && node !== 0) {
        node /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      grown = nodeHash(grown, sibling);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && equalBytes(old, root1) && equalBytes(grown, root2);
}

/** The last complete subtree of the old tree, and the last node of the new tree on its level. */
function lowestSharedNode(size1: number, size2: number): { node: number; last: number } {
  let node = size1 - 1;
  let last = size2 - 1;
  while (node % 2 === 1) {
    node = (node - 1) / 2;
    last = Math.floor(last / 2);
  }
  return { node, last };
}
