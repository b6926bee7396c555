/**
 * A complete subtree: `level` 0 is the leaves, and node (level, index) covers the entries from
 * index·2^level up to (index+1)·2^level.
 */
export type NodeCoordinate = { readonly level: number; readonly index: number };

const TWO_32 = 2 ** 32;

/** Whether a value can be a tree size or an entry index: a whole number from 0 to 2^53 − 1. */
export function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Exponent of the largest power of two that is at most `n` (1 ≤ n < 2^53). Exact, unlike Math.log2. */
export function floorLog2(n: number): number {
  const high = Math.floor(n / TWO_32);
  return high > 0 ? 63 - Math.clz32(high) : 31 - Math.clz32(n);
}

/** The split of RFC 6962 §2.1: the largest power of two strictly less than `n` (n ≥ 2). */
export function splitPoint(n: number): number {
  return 2 ** floorLog2(n - 1);
}

/**
 * The maximal complete subtrees, left to right, that make up the `count` entries from `first`.
 * `first` must be a multiple of the largest power of two ≤ `count`, as every node of the tree is.
 */
export function completeSubtrees(first: number, count: number): NodeCoordinate[] {
  const nodes: NodeCoordinate[] = [];
  let start = first;
  for (let left = count; left > 0; ) {
    const level = floorLog2(left);
    nodes.push({ level, index: start / 2 ** level });
    start += 2 ** level;
    left -= 2 ** level;
  }
  return nodes;
}

/** How many complete subtrees the edge of a tree of this size has: the one bits of `size`. */
export function edgeLength(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
