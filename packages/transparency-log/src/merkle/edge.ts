import { EMPTY_ROOT, HASH_LENGTH, nodeHash } from './hash.ts';
import { completeSubtrees, edgeLength, isCount } from './tree-shape.ts';
import type { NodeCoordinate } from './tree-shape.ts';

/**
 * The right edge of a tree: the roots of its maximal complete subtrees, left to right. With the size
 * it is all that appending needs. One hash per one bit of the size.
 */
export type Edge = readonly Uint8Array[];

/** Called for every subtree that an append completes, the leaf first, in the order of completion. */
export type OnNode = (level: number, index: number, hash: Uint8Array) => void;

// A size and its edge are one value in two parts, and the callback is last as everywhere.
/* oxlint-disable max-params */

/** The edge of the tree of `size` + 1 entries. The given edge is not changed. */
export function appendLeaf(size: number, edge: Edge, leafHash: Uint8Array, onNode?: OnNode): Edge {
  return appendLeaves(size, edge, [leafHash], onNode);
}

/** Appends many leaves; about two hashes a leaf. Throws RangeError when size and edge do not fit. */
export function appendLeaves(
  size: number,
  edge: Edge,
  leafHashes: readonly Uint8Array[],
  onNode?: OnNode,
): Edge {
  requireEdge(size, edge);
  if (!isCount(size + leafHashes.length)) throw new RangeError('the tree would be too large');
  const grown = [...edge];
  let index = size;
  for (const hash of leafHashes) {
    if (hash.length !== HASH_LENGTH) throw new RangeError('a leaf hash has 32 octets');
    onNode?.(0, index, hash);
    grown.push(hash);
    mergeTail(grown, index, onNode);
    index += 1;
  }
  return grown;
}

/* oxlint-enable max-params */

/** The root of the tree with this edge; EMPTY_ROOT for none. */
export function rootOf(edge: Edge): Uint8Array {
  const last = edge.at(-1);
  if (last === undefined) return EMPTY_ROOT;
  return edge.slice(0, -1).reduceRight((root, hash) => nodeHash(hash, root), last);
}

/** Where the hashes of the edge stand in the tree, in the order of the edge. */
export function edgeNodesOf(size: number): NodeCoordinate[] {
  if (!isCount(size)) throw new RangeError('not a tree size');
  return completeSubtrees(0, size);
}

/** The hashes one after another. */
export function edgeToBytes(edge: Edge): Uint8Array {
  const bytes = new Uint8Array(edge.length * HASH_LENGTH);
  edge.forEach((hash, at) => bytes.set(hash, at * HASH_LENGTH));
  return bytes;
}

/** Reads what {@link edgeToBytes} wrote; throws RangeError unless the length fits the size. */
export function edgeFromBytes(size: number, bytes: Uint8Array): Edge {
  if (!isCount(size) || bytes.length !== edgeLength(size) * HASH_LENGTH) {
    throw new RangeError('the edge does not fit the tree size');
  }
  return Array.from({ length: bytes.length / HASH_LENGTH }, (_, at) =>
    bytes.slice(at * HASH_LENGTH, (at + 1) * HASH_LENGTH),
  );
}

function requireEdge(size: number, edge: Edge): void {
  if (!isCount(size) || edge.length !== edgeLength(size)) {
    throw new RangeError('the edge does not fit the tree size');
  }
}

/** The leaf just pushed merges with each complete subtree of its own width to the left, like a carry. */
function mergeTail(edge: Uint8Array[], leafIndex: number, onNode?: OnNode): void {
  let index = leafIndex;
  for (let level = 1; index % 2 === 1; level += 1) {
    index = (index - 1) / 2;
    const right = edge.pop() as Uint8Array;
    const hash = nodeHash(edge.pop() as Uint8Array, right);
    edge.push(hash);
    onNode?.(level, index, hash);
  }
}
