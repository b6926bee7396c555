import { rootOf } from './edge.ts';
import { consistencyNodesOf, inclusionNodesOf, rangeNodesOf } from './proof-nodes.ts';
import type { ProofNodes } from './proof-nodes.ts';
import type { NodeCoordinate } from './tree-shape.ts';

/** Answers the hashes of complete subtrees, in the order asked. */
export type ReadNodes = (nodes: NodeCoordinate[]) => Promise<readonly Uint8Array[]>;

/** Answers the hash of one complete subtree at once, from memory. */
export type NodeAt = (level: number, index: number) => Uint8Array;

/** The proof whose nodes were listed and then read, `hashes` being in the order of `groups.flat()`. */
export function proofFromNodes(groups: ProofNodes, hashes: readonly Uint8Array[]): Uint8Array[] {
  if (hashes.length !== groups.reduce((sum, group) => sum + group.length, 0)) {
    throw new RangeError('the number of nodes read is not the number listed');
  }
  let at = 0;
  return groups.map((group) => rootOf(hashes.slice(at, (at += group.length))));
}

/** Inclusion proof of the entry at `index` in the tree of `size` (RFC 6962 §2.1.1). */
export async function inclusionProof(
  index: number,
  size: number,
  read: ReadNodes,
): Promise<Uint8Array[]> {
  return readProof(inclusionNodesOf(index, size), read);
}

/** Proof that the tree of `size1` is a prefix of that of `size2` (RFC 6962 §2.1.2); size1 ≥ 1. */
export async function consistencyProof(
  size1: number,
  size2: number,
  read: ReadNodes,
): Promise<Uint8Array[]> {
  return readProof(consistencyNodesOf(size1, size2), read);
}

/** One proof for the `n` entries from `first`, see {@link rangeNodesOf}. */
export async function rangeProof(
  first: number,
  n: number,
  { size, read }: { size: number; read: ReadNodes },
): Promise<Uint8Array[]> {
  return readProof(rangeNodesOf(first, n, size), read);
}

/** {@link inclusionProof} from memory. */
export function inclusionProofSync(index: number, size: number, nodeAt: NodeAt): Uint8Array[] {
  return foldProof(inclusionNodesOf(index, size), nodeAt);
}

/** {@link consistencyProof} from memory. */
export function consistencyProofSync(size1: number, size2: number, nodeAt: NodeAt): Uint8Array[] {
  return foldProof(consistencyNodesOf(size1, size2), nodeAt);
}

/** {@link rangeProof} from memory. */
export function rangeProofSync(
  first: number,
  n: number,
  { size, nodeAt }: { size: number; nodeAt: NodeAt },
): Uint8Array[] {
  return foldProof(rangeNodesOf(first, n, size), nodeAt);
}

async function readProof(groups: ProofNodes, read: ReadNodes): Promise<Uint8Array[]> {
  const nodes = groups.flat();
  return nodes.length === 0 ? [] : proofFromNodes(groups, await read(nodes));
}

function foldProof(groups: ProofNodes, nodeAt: NodeAt): Uint8Array[] {
  return groups.map((group) => rootOf(group.map(({ level, index }) => nodeAt(level, index))));
}
