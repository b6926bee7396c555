import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  decodeEntryBundle,
  encodeEntryBundle,
  entryBundlePath,
  parseTilePath,
  pathOf,
  tileNodesOf,
  tilePath,
  tilesOf,
} from '../src/index.ts';
import type { Tile } from '../src/index.ts';
import { failureOf } from './failure-of.ts';

describe('the path of a tile', () => {
  it('is the one of the specification', () => {
    expect(tilePath(0, 1_234_067)).toBe('tile/0/x001/x234/067');
    expect(tilePath(3, 0, 1)).toBe('tile/3/000.p/1');
    expect(tilePath(63, 999, 255)).toBe('tile/63/999.p/255');
    expect(entryBundlePath(1000)).toBe('tile/entries/x001/000');
    expect(entryBundlePath(273, 112)).toBe('tile/entries/273.p/112');
  });

  it('reads back whatever it wrote', () => {
    const place = { index: fc.maxSafeNat(), width: fc.integer({ min: 1, max: 256 }) };
    const tiles: fc.Arbitrary<Tile> = fc.oneof(
      fc.record({ kind: fc.constant('entries' as const), ...place }),
      fc.record({ kind: fc.constant('hashes' as const), level: fc.nat({ max: 63 }), ...place }),
    );
    fc.assert(fc.property(tiles, (tile) => expect(parseTilePath(pathOf(tile))).toEqual(tile)));
  });

  it.each([
    'tile/0/0',
    'tile/0/00',
    'tile/0/x000/001',
    'tile/0/x001/x002',
    'tile/0/x001/2',
    'tile/00/001',
    'tile/64/001',
    'tile/-1/001',
    'tile/0/001.p/0',
    'tile/0/001.p/01',
    'tile/0/001.p/256',
    'tile/0/001.p/',
    'tile/0/001.p',
    'tile/0/001/',
    '/tile/0/001',
    'tile/0/../0/001',
    'tile/0/001\n',
    'tile/entries/x009/x007/x199/x254/x740/992',
    'tile/data/001',
    'checkpoint',
    '',
  ])('is not %j', (path) => {
    expect(parseTilePath(path)).toBeUndefined();
  });

  it('is refused for no tile', () => {
    expect(() => tilePath(64, 0)).toThrow(RangeError);
    expect(() => tilePath(0, -1)).toThrow(RangeError);
    expect(() => tilePath(0, 0, 0)).toThrow(RangeError);
    expect(() => entryBundlePath(0, 257)).toThrow(RangeError);
  });
});

describe('the tiles of a tree', () => {
  it('are those of the example of the specification', () => {
    const hashes = [...tilesOf(70_000)].filter((tile) => tile.kind === 'hashes');
    const full = hashes.filter(({ width }) => width === 256);
    expect([0, 1, 2].map((level) => full.filter((tile) => tile.level === level).length)).toEqual([
      273, 1, 0,
    ]);
    expect(hashes.filter(({ width }) => width < 256).map(pathOf)).toEqual([
      'tile/0/273.p/112',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ]);
    expect([...tilesOf(256)].map(pathOf)).toEqual([
      'tile/entries/000',
      'tile/0/000',
      'tile/1/000.p/1',
    ]);
    expect([...tilesOf(0)]).toEqual([]);
  });

  it('are, since an earlier size, those that were not there before', () => {
    const sizes = fc.tuple(fc.nat({ max: 70_000 }), fc.nat({ max: 2000 }));
    fc.assert(
      fc.property(sizes, ([from, growth]) => {
        const before = new Set([...tilesOf(from)].map(pathOf));
        const since = [...tilesOf(from + growth)].map(pathOf).filter((path) => !before.has(path));
        expect([...tilesOf(from + growth, from)].map(pathOf)).toEqual(since);
      }),
      { numRuns: 30 },
    );
  });

  it('hold hashes of one level of the tree', () => {
    expect(tileNodesOf({ level: 1, index: 2, width: 3 })).toEqual([
      { level: 8, index: 512 },
      { level: 8, index: 513 },
      { level: 8, index: 514 },
    ]);
  });
});

describe('a bundle of entries', () => {
  it('puts the length before each, in two octets', () => {
    const bundle = encodeEntryBundle([Buffer.from('one'), Buffer.of(), Buffer.alloc(258, 1)]);
    expect(Buffer.from(bundle).toString('hex')).toBe(`00036f6e650000${'0102'}${'01'.repeat(258)}`);
  });

  it('reads back whatever it wrote, also from within a larger buffer', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
    fc.assert(
      fc.property(entries, (each) => {
        const bundle = Buffer.concat([Buffer.of(9), encodeEntryBundle(each)]).subarray(1);
        expect(decodeEntryBundle(bundle, each.length).map((one) => Uint8Array.from(one))).toEqual(
          each,
        );
        expect(decodeEntryBundle(bundle)).toHaveLength(each.length);
      }),
    );
  });

  it('is refused when it is cut, padded, or of another number of entries', () => {
    const bundle = encodeEntryBundle([Buffer.from('one'), Buffer.from('two')]);
    const changed: [Uint8Array, number | undefined][] = [
      [bundle.subarray(0, -1), undefined],
      [bundle.subarray(0, 6), undefined],
      [Buffer.concat([bundle, Buffer.of(0)]), undefined],
      [bundle, 1],
      [bundle, 3],
      [Buffer.alloc(0), 1],
    ];
    for (const [bytes, count] of changed) {
      expect(failureOf(() => decodeEntryBundle(bytes, count))).toBe('malformed-tile');
    }
  });

  it('holds no entry that its length cannot say', () => {
    expect(decodeEntryBundle(encodeEntryBundle([Buffer.alloc(65_535)]))).toHaveLength(1);
    expect(() => encodeEntryBundle([Buffer.alloc(65_536)])).toThrow(RangeError);
  });
});
