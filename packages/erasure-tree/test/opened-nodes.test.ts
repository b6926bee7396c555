import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { openedNodes } from '../src/opened-nodes.ts';

const place = (index: number) => ({ tree: 1, level: 1, index });
const secretsOf = (byte: number) => Buffer.alloc(2048, byte);

describe('the nodes kept open', () => {
  it('are no more than the limit: the least recently used goes first', () => {
    const nodes = openedNodes(() => 0, { entries: 2, ttlMs: 1000 });
    for (const index of [1, 2]) nodes.put(place(index), secretsOf(index));
    nodes.secretOf(place(1), 0);
    nodes.put(place(3), secretsOf(3));
    const known = [1, 2, 3].map((index) => nodes.secretOf(place(index), 63)?.readUInt8(0));
    expect(known).toEqual([1, undefined, 3]);
  });

  it('are forgotten when their time is over, and kept no longer than ten minutes', () => {
    let now = 0;
    const nodes = openedNodes(() => now, { entries: 9, ttlMs: 600_000 });
    nodes.put(place(1), secretsOf(1));
    nodes.putTopKey(Buffer.of(7), createSecretKey(randomBytes(32)));
    now = 599_999;
    expect(nodes.secretOf(place(1), 0)).toBeDefined();
    expect(nodes.topKey(Buffer.of(7))).toBeDefined();
    now = 600_000;
    expect(nodes.secretOf(place(1), 0)).toBeUndefined();
    expect(nodes.topKey(Buffer.of(7))).toBeUndefined();
    expect(() => openedNodes(() => 0, { entries: 9, ttlMs: 600_001 })).toThrow(RangeError);
  });

  it('are zeros as soon as they are forgotten, replaced or pushed out', () => {
    const nodes = openedNodes(() => 0, { entries: 1, ttlMs: 1000 });
    const forget = [
      () => nodes.put(place(1), secretsOf(2)),
      () => nodes.put(place(2), secretsOf(3)),
      () => nodes.clear(),
    ];
    for (const step of forget) {
      nodes.put(place(1), secretsOf(1));
      const view = nodes.secretOf(place(1), 5);
      step();
      expect(view).toEqual(Buffer.alloc(32));
    }
  });

  it('are copies: the opener wipes its own', () => {
    const nodes = openedNodes(() => 0, { entries: 1, ttlMs: 1000 });
    const secrets = secretsOf(1);
    nodes.put(place(1), secrets);
    secrets.fill(0);
    expect(nodes.secretOf(place(1), 0)).toEqual(Buffer.alloc(32, 1));
  });

  it('hold the top key under its own seal only', () => {
    const nodes = openedNodes(() => 0, { entries: 1, ttlMs: 1000 });
    const key = createSecretKey(randomBytes(32));
    nodes.putTopKey(Buffer.of(1), key);
    expect(nodes.topKey(Buffer.of(1))).toBe(key);
    expect(nodes.topKey(Buffer.of(2))).toBeUndefined();
    nodes.clear();
    expect(nodes.topKey(Buffer.of(1))).toBeUndefined();
  });
});
