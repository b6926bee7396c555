import { rootFromRange } from './verify-range.ts';
import type { LeafRange, Subtree } from './verify-range.ts';

/**
 * One RFC 6962 inclusion proof per leaf of the range, in the order of the leaves. They are as true as
 * the range proof: verify that first. Throws RangeError if the proof has not the shape of one.
 */
export function inclusionProofsOfRange(range: LeafRange): Uint8Array[][] {
  const proofs: Uint8Array[][] = range.leafHashes.map(() => []);
  const end = range.first + range.leafHashes.length;

  function addSibling(of: Subtree, sibling: Subtree): void {
    const to = Math.min(of.end, end);
    for (let index = Math.max(of.first, range.first); index < to; index += 1) {
      proofs[index - range.first]?.push(sibling.hash);
    }
  }

  const root = rootFromRange(range, (left, right) => {
    addSibling(left, right);
    addSibling(right, left);
  });
  if (root === undefined) throw new RangeError('not a range proof of these leaves');
  return proofs;
}
