import { createHash, type Hash } from 'node:crypto';
import { growTree, inclusionProofSync, leafHash, rootOf } from '@mnv/transparency-log';
import { bytesOfHex, hexOf } from './hex.ts';
import { type Case, type Suite, passedIf } from './suite.ts';

type ReferenceFile = {
  leaf_inputs_hex: string[];
  roots_hex_by_size: string[];
  subtree_accumulated_sha256?: { subtree_hash: string; inclusion: string };
};

const ACCUMULATED_LEAVES = 130;

/** The aligned ranges that a tree can hold as a subtree, the empty ones included, by end and then by start. */
function* subtrees(): Generator<{ start: number; end: number }> {
  for (let end = 0; end <= ACCUMULATED_LEAVES; end += 1) {
    for (let start = 0; start <= end; start += 1) {
      if (start % leastPowerOfTwo(end - start) === 0) yield { start, end };
    }
  }
}

function leastPowerOfTwo(atLeast: number): number {
  return atLeast <= 1 ? 1 : 2 ** Math.ceil(Math.log2(atLeast));
}

const accumulatedLeaves = (): Uint8Array[] =>
  Array.from({ length: ACCUMULATED_LEAVES }, (_, at) => leafHash(Buffer.of(at)));

function digestOfLines(write: (hash: Hash) => void): string {
  const hash = createHash('sha256');
  write(hash);
  return hash.digest('hex');
}

/** One line a subtree: `[start, end) root`. */
function subtreeRootsDigest(): string {
  const leaves = accumulatedLeaves();
  return digestOfLines((hash) => {
    for (const { start, end } of subtrees()) {
      const { root } = growTree(0, [], leaves.slice(start, end));
      hash.update(`[${start}, ${end}) ${hexOf(root)}\n`);
    }
  });
}

/** One line an entry of each subtree: `index [start, end) hash hash …`. */
function inclusionProofsDigest(): string {
  const leaves = accumulatedLeaves();
  return digestOfLines((hash) => {
    for (const { start, end } of subtrees()) {
      const { nodeAt } = growTree(0, [], leaves.slice(start, end));
      for (let index = start; index < end; index += 1) {
        const proof = inclusionProofSync(index - start, end - start, nodeAt);
        hash.update(
          `${index} [${start}, ${end})${proof.map((node) => ` ${hexOf(node)}`).join('')}\n`,
        );
      }
    }
  });
}

function casesOf(file: ReferenceFile): Case[] {
  const leaves = file.leaf_inputs_hex.map((input) => leafHash(bytesOfHex(input)));
  const roots = file.roots_hex_by_size.map((root, size) => ({
    name: `root of ${size}`,
    judge: () => passedIf(hexOf(rootOf(growTree(0, [], leaves.slice(0, size)).edge)) === root),
  }));
  const accumulated = file.subtree_accumulated_sha256;
  if (!accumulated) return roots;
  return [
    ...roots,
    {
      name: 'subtree roots',
      judge: () => passedIf(subtreeRootsDigest() === accumulated.subtree_hash),
    },
    {
      name: 'inclusion proofs',
      judge: () => passedIf(inclusionProofsDigest() === accumulated.inclusion),
    },
  ];
}

/**
 * Roots by size, and the digests over all subtrees of 130 entries. The digests over subtree consistency
 * and covering are left out: those are operations of another draft, which the log does not offer.
 */
export const referenceTrees: Suite = {
  matches: /(^|\/)merkle\/rfc6962-reference\.json$/,
  cases: (data) => casesOf(data as ReferenceFile),
};
