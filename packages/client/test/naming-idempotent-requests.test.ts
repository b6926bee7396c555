import { describe, expect, it } from '@jest/globals';
import { chunkKey, newIdempotencyKey } from '../src/index.ts';

/** What the service takes: longer, other characters or twelve digits in a row are refused. */
const ACCEPTED = /^(?!.*[0-9]{12})[A-Za-z0-9_-]{8,64}$/;

describe('an idempotency key', () => {
  it('never holds a digit, so that none can be taken for a number', () => {
    const keys = Array.from({ length: 500 }, newIdempotencyKey);

    expect(keys.filter((key) => /[0-9]/.test(key) || !ACCEPTED.test(key))).toEqual([]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('of a chunk is accepted as far as a file can be long', () => {
    const batch = newIdempotencyKey();

    expect(chunkKey(batch, 1)).toMatch(ACCEPTED);
    expect(chunkKey(batch, 99_999_999_999)).toMatch(ACCEPTED);
    expect(chunkKey(batch, 1)).not.toBe(chunkKey(batch, 11));
  });
});
