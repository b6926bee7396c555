import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  growTree,
  inclusionProofSync,
  inclusionProofsOfRange,
  rangeNodesOf,
  rangeProof,
  rangeProofSync,
  verifyInclusion,
  verifyRange,
} from '../src/index.ts';
import { grownLog, mutantProofsOf, mutantsOf } from './grown-log.ts';

const CHANGED_RANGES: [number, number, number][] = [
  [0, 1, 1],
  [2, 3, 9],
  [0, 5, 9],
  [4, 4, 8],
  [5, 8, 21],
];

function claimOf(first: number, n: number, size: number) {
  const { leafHashes, root, nodeAt } = grownLog(size);
  const proof = rangeProofSync(first, n, { size, nodeAt });
  return { first, leafHashes: leafHashes.slice(first, first + n), size, root, proof };
}

const ranges = fc
  .integer({ min: 1, max: 90 })
  .chain((size) => fc.tuple(fc.constant(size), fc.nat({ max: size - 1 })))
  .chain(([size, first]) =>
    fc.tuple(fc.constant(first), fc.integer({ min: 1, max: size - first }), fc.constant(size)),
  );

describe('proving that a run of entries is in the tree', () => {
  it('is believed for every run', () => {
    fc.assert(fc.property(ranges, ([...range]) => verifyRange(claimOf(...range))));
  });

  it('is the same from memory and from a reader', async () => {
    const { nodeAt, read } = grownLog(53);
    const fromMemory = rangeProofSync(17, 9, { size: 53, nodeAt });
    expect(await rangeProof(17, 9, { size: 53, read })).toEqual(fromMemory);
  });

  it('is the old edge for the newest entries, and nothing for all of them', () => {
    const [old, grown] = [grownLog(21), grownLog(40)];
    expect(rangeProofSync(21, 19, { size: 40, nodeAt: grown.nodeAt })).toEqual(old.edge);
    expect(rangeProofSync(0, 40, { size: 40, nodeAt: grown.nodeAt })).toEqual([]);
  });

  it('needs no more than the old edge and what was completed since', () => {
    const [old, grown] = [grownLog(21), grownLog(40)];
    const { nodeAt } = growTree(21, old.edge, grown.leafHashes.slice(21));
    for (let first = 21; first < 40; first += 1) {
      const { proof } = claimOf(first, Math.min(3, 40 - first), 40);
      expect(rangeProofSync(first, Math.min(3, 40 - first), { size: 40, nodeAt })).toEqual(proof);
    }
    expect(() => nodeAt(0, 19)).toThrow(RangeError);
  });

  it('refuses an empty run and one that leaves the tree', () => {
    expect(() => rangeNodesOf(3, 0, 8)).toThrow(RangeError);
    expect(() => rangeNodesOf(3, 6, 8)).toThrow(RangeError);
    expect(() => rangeNodesOf(-1, 2, 8)).toThrow(RangeError);
  });
});

describe('verifying that a run of entries is in the tree', () => {
  it('believes none that is changed anywhere', () => {
    for (const range of CHANGED_RANGES) {
      const claim = claimOf(...range);
      for (const proof of mutantProofsOf(claim.proof))
        expect(verifyRange({ ...claim, proof })).toBe(false);
      for (const leafHashes of mutantProofsOf(claim.leafHashes)) {
        expect(verifyRange({ ...claim, leafHashes })).toBe(false);
      }
      for (const root of mutantsOf(claim.root)) expect(verifyRange({ ...claim, root })).toBe(false);
    }
  });

  it('believes no run moved, and no tree of another shape', () => {
    const claim = claimOf(5, 3, 13);
    for (const first of [-1, 0, 4, 6, 10, 13, 2 ** 53, 0.5, Number.NaN]) {
      expect(verifyRange({ ...claim, first })).toBe(false);
    }
    for (const size of [0, 5, 7, 8, 17, 26, 2 ** 53, 13.5, Number.NaN]) {
      expect(verifyRange({ ...claim, size })).toBe(false);
    }
  });

  it('takes no entries for no proof', () => {
    const { root } = grownLog(9);
    expect(verifyRange({ first: 0, leafHashes: [], size: 9, root, proof: [root] })).toBe(false);
    expect(verifyRange({ first: 3, leafHashes: [], size: 9, root, proof: [] })).toBe(false);
  });
});

describe('expanding the proof of a run', () => {
  it('gives each entry its own inclusion proof of RFC 6962', () => {
    fc.assert(
      fc.property(ranges, ([first, n, size]) => {
        const claim = claimOf(first, n, size);
        const { nodeAt, root } = grownLog(size);
        inclusionProofsOfRange(claim).forEach((proof, at) => {
          const index = first + at;
          expect(proof).toEqual(inclusionProofSync(index, size, nodeAt));
          const leafHash = claim.leafHashes[at]!;
          expect(verifyInclusion({ index, size, leafHash, root, proof })).toBe(true);
        });
        expect(inclusionProofsOfRange(claim)).toHaveLength(n);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses what has not the shape of a range proof', () => {
    const claim = claimOf(5, 3, 13);
    expect(() => inclusionProofsOfRange({ ...claim, proof: claim.proof.slice(1) })).toThrow(
      RangeError,
    );
    expect(() => inclusionProofsOfRange({ ...claim, leafHashes: [] })).toThrow(RangeError);
  });
});
