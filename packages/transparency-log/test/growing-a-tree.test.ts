import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  EMPTY_ROOT,
  appendLeaf,
  appendLeaves,
  edgeFromBytes,
  edgeNodesOf,
  edgeToBytes,
  growTree,
  leafHash,
  nodeHash,
  rootOf,
} from '../src/index.ts';
import type { Edge } from '../src/index.ts';
import { grownLog } from './grown-log.ts';
import { entriesOf, leafOf, treeHash } from './reference-tree.ts';

// Leaves and roots of the reference tree of the certificate-transparency project.
const PUBLISHED_LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
].map((hex) => Buffer.from(hex, 'hex'));
const PUBLISHED_ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('hashing entries and nodes', () => {
  it('gives the published roots of the reference tree at every size', () => {
    const roots = PUBLISHED_ROOTS.map(
      (_, size) => growTree(0, [], PUBLISHED_LEAVES.slice(0, size).map(leafHash)).root,
    );
    expect(roots.map((root) => Buffer.from(root).toString('hex'))).toEqual(PUBLISHED_ROOTS);
  });

  it('agrees with RFC 6962 for entries of any length', () => {
    const entries = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom(8190, 8191, 8192, 70_000).map((n) => new Uint8Array(n).fill(3)),
    );
    fc.assert(fc.property(entries, (entry) => expectBytes(leafHash(entry), leafOf(entry))));
  });

  it('does not let an entry pass for a node', () => {
    const [left, right] = [leafHash(Buffer.of(1)), leafHash(Buffer.of(2))];
    expect(leafHash(Buffer.concat([left, right]))).not.toEqual(nodeHash(left, right));
  });

  it('refuses a node whose child is not a hash', () => {
    const hash = leafHash(Buffer.of(1));
    expect(() => nodeHash(hash.subarray(1), hash)).toThrow(RangeError);
    expect(() => nodeHash(hash, Buffer.concat([hash, hash]))).toThrow(RangeError);
  });
});

describe('growing a tree by its edge', () => {
  it('has the root of RFC 6962 at every size up to 130', () => {
    const entries = entriesOf(130);
    let edge: Edge = [];
    entries.forEach((entry, at) => {
      edge = appendLeaf(at, edge, leafHash(entry));
      expectBytes(rootOf(edge), treeHash(entries.slice(0, at + 1)));
    });
  });

  it('comes to the same edge however the appends are cut', () => {
    const sizes = fc.array(fc.nat({ max: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(sizes, (cuts) => {
        const total = cuts.reduce((sum, cut) => sum + cut, 0);
        let edge: Edge = [];
        let size = 0;
        for (const cut of cuts) {
          edge = appendLeaves(
            size,
            edge,
            entriesOf(total)
              .slice(size, size + cut)
              .map(leafHash),
          );
          size += cut;
        }
        expect(edge).toEqual(grownLog(total).edge);
      }),
    );
  });

  it('reports every completed subtree once, with its hash', () => {
    const entries = entriesOf(45);
    const seen = new Map<string, Uint8Array>();
    appendLeaves(0, [], entries.map(leafHash), (level, index, hash) => {
      expect(seen.has(`${level}/${index}`)).toBe(false);
      seen.set(`${level}/${index}`, hash);
    });
    expect(seen.size).toBe(45 + 22 + 11 + 5 + 2 + 1);
    for (const [place, hash] of seen) {
      const [level = 0, index = 0] = place.split('/').map(Number);
      const covered = entries.slice(index * 2 ** level, (index + 1) * 2 ** level);
      expect(covered).toHaveLength(2 ** level);
      expectBytes(hash, treeHash(covered));
    }
  });

  it('leaves the edge it was given as it was', () => {
    const edge = grownLog(7).edge;
    const before = [...edge];
    appendLeaf(7, edge, leafHash(Buffer.of(1)));
    expect(edge).toEqual(before);
  });

  it('has the empty root without entries', () => {
    expectBytes(rootOf([]), EMPTY_ROOT);
    expectBytes(EMPTY_ROOT, treeHash([]));
  });

  it('works beyond 2^32 entries', () => {
    const size = 2 ** 40 + 2 ** 33 - 1;
    const edge = edgeNodesOf(size).map(({ level }) => leafHash(Buffer.of(level)));
    const completed: { level: number; index: number }[] = [];
    const grown = appendLeaf(size, edge, leafHash(Buffer.of(1)), (level, index) =>
      completed.push({ level, index }),
    );
    expect(completed[0]).toEqual({ level: 0, index: size });
    expect(completed.at(-1)).toEqual({ level: 33, index: 2 ** 7 });
    expect(grown).toHaveLength(2);
  });

  it('refuses an edge or a leaf that does not fit', () => {
    const leaf = leafHash(Buffer.of(1));
    expect(() => appendLeaf(3, [leaf], leaf)).toThrow(RangeError);
    expect(() => appendLeaf(2, [leaf, leaf], leaf)).toThrow(RangeError);
    expect(() => appendLeaf(0, [], leaf.subarray(1))).toThrow(RangeError);
    expect(() => appendLeaf(-1, [], leaf)).toThrow(RangeError);
    expect(() => appendLeaf(0.5, [], leaf)).toThrow(RangeError);
  });
});

describe('keeping an edge', () => {
  it('reads back what it wrote, and knows where the hashes stand', () => {
    fc.assert(
      fc.property(fc.nat({ max: 300 }), (size) => {
        const { edge, nodeAt } = grownLog(size);
        expect(edgeFromBytes(size, edgeToBytes(edge))).toEqual(
          edge.map((hash) => Uint8Array.from(hash)),
        );
        expect(edgeNodesOf(size).map(({ level, index }) => nodeAt(level, index))).toEqual(edge);
      }),
    );
  });

  it('refuses octets that are not an edge of the size', () => {
    const bytes = edgeToBytes(grownLog(7).edge);
    expect(() => edgeFromBytes(8, bytes)).toThrow(RangeError);
    expect(() => edgeFromBytes(7, bytes.subarray(1))).toThrow(RangeError);
    expect(() => edgeFromBytes(Number.NaN, bytes)).toThrow(RangeError);
  });
});

function expectBytes(actual: Uint8Array, expected: Uint8Array): void {
  expect(Buffer.from(actual).toString('hex')).toBe(Buffer.from(expected).toString('hex'));
}
