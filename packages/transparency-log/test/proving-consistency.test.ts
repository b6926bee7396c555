import { describe, expect, it } from '@jest/globals';
import {
  EMPTY_ROOT,
  consistencyNodesOf,
  consistencyProof,
  consistencyProofSync,
  growTree,
  verifyConsistency,
} from '../src/index.ts';
import { grownLog, mutantProofsOf, mutantsOf } from './grown-log.ts';
import { proof as referenceProof } from './reference-tree.ts';

const MAX_SIZE = 34;
const LOGS = Array.from({ length: MAX_SIZE + 1 }, (_, size) => grownLog(size));

function claimOf(size1: number, size2: number) {
  const [old, grown] = [LOGS[size1]!, LOGS[size2]!];
  const proof = consistencyProofSync(size1, size2, grown.nodeAt);
  return { size1, root1: old.root, size2, root2: grown.root, proof };
}

describe('proving that a log has only grown', () => {
  it('gives the proof of RFC 6962 for every pair of sizes', async () => {
    const { entries, nodeAt, read } = grownLog(MAX_SIZE);
    for (let size2 = 1; size2 <= MAX_SIZE; size2 += 1) {
      for (let size1 = 1; size1 <= size2; size1 += 1) {
        const expected = referenceProof(size1, entries.slice(0, size2));
        expect(consistencyProofSync(size1, size2, nodeAt)).toEqual(expected);
        expect(await consistencyProof(size1, size2, read)).toEqual(expected);
      }
    }
  });

  it('needs no more than the old edge and what was completed since', () => {
    for (const size1 of [1, 2, 3, 5, 8, 11, 16, 21]) {
      const old = LOGS[size1]!;
      const { leafHashes } = LOGS[MAX_SIZE]!;
      const { nodeAt } = growTree(size1, old.edge, leafHashes.slice(size1));
      for (let from = size1; from <= MAX_SIZE; from += 1) {
        expect(consistencyProofSync(from, MAX_SIZE, nodeAt)).toEqual(claimOf(from, MAX_SIZE).proof);
      }
    }
  });

  it('refuses to prove from nothing, or backwards', () => {
    expect(() => consistencyNodesOf(0, 5)).toThrow(RangeError);
    expect(() => consistencyNodesOf(6, 5)).toThrow(RangeError);
    expect(() => consistencyNodesOf(1.5, 5)).toThrow(RangeError);
  });
});

describe('verifying that a log has only grown', () => {
  it('believes every true proof', () => {
    for (let size2 = 1; size2 <= MAX_SIZE; size2 += 1) {
      for (let size1 = 1; size1 <= size2; size1 += 1) {
        expect(verifyConsistency(claimOf(size1, size2))).toBe(true);
      }
    }
  });

  it('believes none that is changed anywhere, the middle included', () => {
    for (const [size1, size2] of [
      [1, 2],
      [3, 7],
      [4, 8],
      [6, 8],
      [7, 13],
      [8, 13],
      [12, 13],
    ] as const) {
      const claim = claimOf(size1, size2);
      for (const mutant of mutantProofsOf(claim.proof)) {
        expect(verifyConsistency({ ...claim, proof: mutant })).toBe(false);
      }
      for (const root1 of mutantsOf(claim.root1)) {
        expect(verifyConsistency({ ...claim, root1 })).toBe(false);
      }
      for (const root2 of mutantsOf(claim.root2)) {
        expect(verifyConsistency({ ...claim, root2 })).toBe(false);
      }
    }
  });

  it('believes no empty proof between different sizes', () => {
    for (let size1 = 1; size1 < 9; size1 += 1) {
      expect(verifyConsistency({ ...claimOf(size1, 9), proof: [] })).toBe(false);
    }
  });

  it('believes no sizes the other way round, and no swapped roots', () => {
    const claim = claimOf(5, 9);
    expect(verifyConsistency({ ...claim, size1: 9, size2: 5 })).toBe(false);
    expect(verifyConsistency({ ...claim, root1: claim.root2, root2: claim.root1 })).toBe(false);
    const turned = { size1: 9, size2: 5, root1: claim.root2, root2: claim.root1 };
    expect(verifyConsistency({ ...claim, ...turned })).toBe(false);
  });

  it('takes a tree without entries for no proof of anything', () => {
    const claim = { ...claimOf(5, 9), size1: 0, proof: [] };
    expect(verifyConsistency(claim)).toBe(false);
    expect(verifyConsistency({ ...claim, root1: EMPTY_ROOT })).toBe(false);
    expect(verifyConsistency({ ...claim, root1: EMPTY_ROOT, size2: 0, root2: EMPTY_ROOT })).toBe(
      false,
    );
  });

  it('wants equal roots and no proof for equal sizes', () => {
    const claim = claimOf(9, 9);
    expect(claim.proof).toEqual([]);
    expect(verifyConsistency({ ...claim, root2: LOGS[8]!.root })).toBe(false);
    expect(verifyConsistency({ ...claim, proof: [LOGS[9]!.root] })).toBe(false);
  });

  it('sees a fork: the same size with one entry replaced', () => {
    const forked = grownLog(20, 'other ');
    const proof = consistencyProofSync(12, 20, forked.nodeAt);
    const claim = { size1: 12, root1: LOGS[12]!.root, size2: 20, root2: forked.root, proof };
    expect(verifyConsistency(claim)).toBe(false);
  });

  it('believes no size that is not a count', () => {
    const claim = claimOf(5, 9);
    for (const size of [-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]) {
      expect(verifyConsistency({ ...claim, size1: size })).toBe(false);
      expect(verifyConsistency({ ...claim, size2: size })).toBe(false);
    }
  });
});
