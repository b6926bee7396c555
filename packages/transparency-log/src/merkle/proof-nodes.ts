import { completeSubtrees, isCount, splitPoint } from './tree-shape.ts';
import type { NodeCoordinate } from './tree-shape.ts';

/**
 * Where the hashes of a proof come from: one group per hash of the proof. A group is the complete
 * subtrees, left to right, that the hash joins; more than one only on the right edge of the tree.
 */
export type ProofNodes = readonly (readonly NodeCoordinate[])[];

/** Entries from `first` up to, not including, `end`: a node of the tree's recursive split. */
type Span = { readonly first: number; readonly end: number };

/** Nodes of the audit path PATH(index, D[size]), from the leaf's sibling up (RFC 6962 §2.1.1). */
export function inclusionNodesOf(index: number, size: number): ProofNodes {
  requireRange(index, index + 1, size);
  const groups: NodeCoordinate[][] = [];
  let span: Span = { first: 0, end: size };
  while (width(span) > 1) {
    const [left, right] = halves(span);
    const inLeft = index < left.end;
    groups.push(subtreesOf(inLeft ? right : left));
    span = inLeft ? left : right;
  }
  return groups.reverse();
}

/**
 * Nodes of PROOF(size1, D[size2]) (RFC 6962 §2.1.2). Empty for equal sizes. A tree without entries
 * proves nothing: 1 ≤ size1 ≤ size2.
 */
export function consistencyNodesOf(size1: number, size2: number): ProofNodes {
  requireRange(0, size1, size2);
  if (size1 === size2) return [];
  const groups: NodeCoordinate[][] = [];
  let span: Span = { first: 0, end: size2 };
  while (span.end !== size1) {
    const [left, right] = halves(span);
    const inLeft = size1 <= left.end;
    groups.push(subtreesOf(inLeft ? right : left));
    span = inLeft ? left : right;
  }
  // The old root itself is known to the verifier only while the span is the whole old tree.
  if (span.first !== 0) groups.push(subtreesOf(span));
  return groups.reverse();
}

/**
 * Nodes of a range proof: the largest nodes of the tree that hold no entry of the range, left to
 * right. For the newest entries (first + n = size) these are the edge of the tree of size `first`.
 */
export function rangeNodesOf(first: number, n: number, size: number): ProofNodes {
  requireRange(first, first + n, size);
  const groups: NodeCoordinate[][] = [];
  collectOutside({ first: 0, end: size }, { first, end: first + n }, groups);
  return groups;
}

function collectOutside(span: Span, range: Span, groups: NodeCoordinate[][]): void {
  if (range.first <= span.first && span.end <= range.end) return;
  if (span.end <= range.first || range.end <= span.first) {
    groups.push(subtreesOf(span));
    return;
  }
  for (const half of halves(span)) collectOutside(half, range, groups);
}

function halves(span: Span): [Span, Span] {
  const middle = span.first + splitPoint(width(span));
  return [
    { first: span.first, end: middle },
    { first: middle, end: span.end },
  ];
}

function width(span: Span): number {
  return span.end - span.first;
}

function subtreesOf(span: Span): NodeCoordinate[] {
  return completeSubtrees(span.first, width(span));
}

function requireRange(first: number, end: number, size: number): void {
  if (!isCount(first) || !isCount(end) || !isCount(size) || first >= end || end > size) {
    throw new RangeError('the range is empty or not within the tree');
  }
}
