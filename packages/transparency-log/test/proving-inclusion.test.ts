import { describe, expect, it } from '@jest/globals';
import {
  inclusionNodesOf,
  inclusionProof,
  inclusionProofSync,
  leafHash,
  verifyInclusion,
} from '../src/index.ts';
import { grownLog, mutantProofsOf, mutantsOf } from './grown-log.ts';
import { path } from './reference-tree.ts';

const MAX_SIZE = 33;

describe('proving that an entry is in the tree', () => {
  it('gives the audit path of RFC 6962 for every entry of every tree', async () => {
    const { entries, nodeAt, read } = grownLog(MAX_SIZE);
    for (let size = 1; size <= MAX_SIZE; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const expected = path(index, entries.slice(0, size));
        expect(inclusionProofSync(index, size, nodeAt)).toEqual(expected);
        expect(await inclusionProof(index, size, read)).toEqual(expected);
      }
    }
  });

  it('asks only for complete subtrees of the tree', () => {
    for (const { level, index } of inclusionNodesOf(10, 37).flat()) {
      expect((index + 1) * 2 ** level).toBeLessThanOrEqual(37);
    }
  });

  it('refuses an entry that is not in the tree', async () => {
    const { read, nodeAt } = grownLog(8);
    for (const index of [-1, 8, 0.5, Number.NaN]) {
      expect(() => inclusionProofSync(index, 8, nodeAt)).toThrow(RangeError);
      await expect(inclusionProof(index, 8, read)).rejects.toThrow(RangeError);
    }
  });

  it('refuses a reader that answers another number of nodes', async () => {
    await expect(inclusionProof(3, 8, async () => [leafHash(Buffer.of(1))])).rejects.toThrow(
      RangeError,
    );
  });
});

describe('verifying that an entry is in the tree', () => {
  it('believes every true proof', () => {
    for (let size = 1; size <= MAX_SIZE; size += 1) {
      const { root, leafHashes, nodeAt } = grownLog(size);
      leafHashes.forEach((hash, index) => {
        const proof = inclusionProofSync(index, size, nodeAt);
        expect(verifyInclusion({ index, size, leafHash: hash, root, proof })).toBe(true);
      });
    }
  });

  it('believes none that is changed anywhere', () => {
    for (const size of [1, 2, 7, 8, 13]) {
      const { root, leafHashes, nodeAt } = grownLog(size);
      leafHashes.forEach((hash, index) => {
        const proof = inclusionProofSync(index, size, nodeAt);
        const claim = { index, size, leafHash: hash, root, proof };
        for (const mutant of mutantProofsOf(proof)) {
          expect(verifyInclusion({ ...claim, proof: mutant })).toBe(false);
        }
        for (const mutant of mutantsOf(root))
          expect(verifyInclusion({ ...claim, root: mutant })).toBe(false);
        for (const mutant of mutantsOf(hash)) {
          expect(verifyInclusion({ ...claim, leafHash: mutant })).toBe(false);
        }
      });
    }
  });

  it('believes no other place for the entry', () => {
    const size = 13;
    const { root, leafHashes, nodeAt } = grownLog(size);
    leafHashes.forEach((hash, index) => {
      const proof = inclusionProofSync(index, size, nodeAt);
      for (let other = 0; other < size; other += 1) {
        const holds = verifyInclusion({ index: other, size, leafHash: hash, root, proof });
        expect(holds).toBe(other === index);
      }
    });
  });

  it('believes no size of another shape, and no index outside the tree', () => {
    const { root, leafHashes, nodeAt } = grownLog(8);
    const proof = inclusionProofSync(3, 8, nodeAt);
    const claim = { index: 3, size: 8, leafHash: leafHashes[3]!, root, proof };
    for (const size of [0, 1, 2, 3, 4, 9, 16, -8, 8.5, Number.NaN, 2 ** 53]) {
      expect(verifyInclusion({ ...claim, size })).toBe(false);
    }
    for (const index of [-1, 8, 2 ** 32 + 3, 2 ** 53, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(verifyInclusion({ ...claim, index })).toBe(false);
    }
  });

  it('does not take the root for its own proof', () => {
    const { root, leafHashes } = grownLog(2);
    expect(verifyInclusion({ index: 0, size: 2, leafHash: root, root, proof: [] })).toBe(false);
    expect(verifyInclusion({ index: 0, size: 1, leafHash: leafHashes[0]!, root, proof: [] })).toBe(
      false,
    );
  });
});
