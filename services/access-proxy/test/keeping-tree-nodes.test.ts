import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  appendLeaves,
  consistencyProofSync,
  rootOf,
  verifyConsistency,
} from '@mnv/transparency-log';
import type { Edge } from '@mnv/transparency-log';
import { KnownNodes } from '../src/log/known-nodes.ts';

function leaves(from: number, n: number): Uint8Array[] {
  return Array.from({ length: n }, (_, at) =>
    createHash('sha256')
      .update(String(from + at))
      .digest(),
  );
}

function find(nodes: KnownNodes, level: number, index: number): Uint8Array | undefined {
  try {
    return nodes.at(level, index);
  } catch {
    return undefined;
  }
}

describe('the nodes kept of a growing log', () => {
  it('prove any two sizes since the last forgetting to be one history', () => {
    const growths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(growths, fc.nat(), (steps, forgetAt) => {
        let size = 0;
        let edge: Edge = [];
        const nodes = new KnownNodes(0, []);
        const heads: { size: number; root: Uint8Array }[] = [];
        for (const step of steps) {
          edge = appendLeaves(size, edge, leaves(size, step), (level, index, hash) =>
            nodes.add(level, index, hash),
          );
          size += step;
          heads.push({ size, root: rootOf(edge) });
        }
        const kept = heads.slice(forgetAt % heads.length);
        nodes.forgetBefore(kept[0]?.size ?? 0);
        for (const older of kept) {
          const proof = consistencyProofSync(older.size, size, (level, index) =>
            nodes.at(level, index),
          );
          expect(
            verifyConsistency({
              size1: older.size,
              root1: older.root,
              size2: size,
              root2: rootOf(edge),
              proof,
            }),
          ).toBe(true);
        }
      }),
    );
  });

  it('are the same whether they came one by one or with the batch that grew the tree', () => {
    const growths = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(growths, fc.nat({ max: 9 }), (steps, forgetAt) => {
        let size = 0;
        let edge: Edge = [];
        const [oneByOne, byBatch] = [new KnownNodes(0, []), new KnownNodes(0, [])];
        const added: { level: number; index: number; hash: Uint8Array }[] = [];
        steps.forEach((step, at) => {
          const batch = new KnownNodes(size, edge);
          edge = appendLeaves(size, edge, leaves(size, step), (level, index, hash) => {
            batch.add(level, index, hash);
            oneByOne.add(level, index, hash);
            added.push({ level, index, hash });
          });
          byBatch.addGrowth(batch);
          size += step;
          if (at === forgetAt) for (const nodes of [oneByOne, byBatch]) nodes.forgetBefore(size);
        });
        expect(byBatch.count).toBe(oneByOne.count);
        for (const { level, index, hash } of added) {
          const [expected, found] = [oneByOne, byBatch].map((nodes) => find(nodes, level, index));
          expect(found).toEqual(expected);
          if (found) expect(found).toEqual(new Uint8Array(hash));
        }
      }),
    );
  });

  it('become few again when they are forgotten', () => {
    const nodes = new KnownNodes(0, []);
    appendLeaves(0, [], leaves(0, 5000), (level, index, hash) => nodes.add(level, index, hash));
    const before = nodes.count;
    nodes.forgetBefore(5000);
    expect(before).toBeGreaterThan(5000);
    expect(nodes.count).toBeLessThan(20);
    expect(() => nodes.at(0, 0)).toThrow(RangeError);
  });
});
