import { appendLeaves, edgeNodesOf, rootOf } from './edge.ts';
import type { Edge } from './edge.ts';
import type { NodeAt } from './build-proof.ts';

/** A tree right after an append, with the nodes that proofs about the append need. */
export type GrownTree = {
  readonly size: number;
  readonly edge: Edge;
  readonly root: Uint8Array;
  /**
   * Hashes of the old edge and of everything completed since. Enough for a range or inclusion proof of
   * any of the new entries, and for consistency from the old size or any size since. Throws RangeError
   * for other nodes.
   */
  readonly nodeAt: NodeAt;
};

/** Appends leaves and keeps the completed nodes in memory. */
export function growTree(size: number, edge: Edge, leafHashes: readonly Uint8Array[]): GrownTree {
  const nodes = new KnownNodes();
  edgeNodesOf(size).forEach(({ level, index }, at) => {
    const hash = edge[at];
    if (hash !== undefined) nodes.add(level, index, hash);
  });
  const grown = appendLeaves(size, edge, leafHashes, (level, index, hash) =>
    nodes.add(level, index, hash),
  );
  return {
    size: size + leafHashes.length,
    edge: grown,
    root: rootOf(grown),
    nodeAt: (level, index) => nodes.at(level, index),
  };
}

/** On every level the known nodes are consecutive: the edge node, if there is one, then the new ones. */
class KnownNodes {
  readonly #levels: { base: number; hashes: Uint8Array[] }[] = [];

  add(level: number, index: number, hash: Uint8Array): void {
    const row = this.#levels[level];
    if (row === undefined) this.#levels[level] = { base: index, hashes: [hash] };
    else row.hashes.push(hash);
  }

  at(level: number, index: number): Uint8Array {
    const row = this.#levels[level];
    const hash = row?.hashes[index - row.base];
    if (hash === undefined) throw new RangeError('the node is not known here');
    return hash;
  }
}
