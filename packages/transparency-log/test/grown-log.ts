import { growTree, leafHash } from '../src/index.ts';
import type { GrownTree, ReadNodes } from '../src/index.ts';
import { entriesOf } from './reference-tree.ts';

/** A log in memory, its entries, and a reader of its nodes. */
export type GrownLog = GrownTree & {
  entries: Uint8Array[];
  leafHashes: Uint8Array[];
  read: ReadNodes;
};

export function grownLog(size: number, seed = ''): GrownLog {
  const entries = entriesOf(size, seed);
  const leafHashes = entries.map(leafHash);
  const tree = growTree(0, [], leafHashes);
  const read: ReadNodes = async (nodes) =>
    nodes.map(({ level, index }) => tree.nodeAt(level, index));
  return { ...tree, entries, leafHashes, read };
}

/** Every octet string that differs from this one in one bit of each octet, and some of other lengths. */
export function mutantsOf(hash: Uint8Array): Uint8Array[] {
  const flipped = Array.from(hash, (octet, at) => {
    const mutant = Uint8Array.from(hash);
    mutant[at] = octet ^ (1 << (at % 8));
    return mutant;
  });
  return [...flipped, new Uint8Array(0), hash.slice(1), Uint8Array.from([...hash, 0])];
}

/** Proofs that are not this one: a hash changed, dropped, doubled, added in front or behind, or swapped. */
export function mutantProofsOf(proof: readonly Uint8Array[]): Uint8Array[][] {
  const stranger = new Uint8Array(32).fill(7);
  const changed = proof.flatMap((hash, at) =>
    mutantsOf(hash).map((mutant) => proof.with(at, mutant)),
  );
  const dropped = proof.map((_, at) => proof.toSpliced(at, 1));
  const doubled = proof.map((hash, at) => proof.toSpliced(at, 0, hash));
  const swapped = proof.slice(1).map((hash, at) => {
    return proof.with(at, hash).with(at + 1, proof[at] ?? hash);
  });
  return [
    ...changed,
    ...dropped,
    ...doubled,
    ...swapped,
    [stranger, ...proof],
    [...proof, stranger],
  ];
}
