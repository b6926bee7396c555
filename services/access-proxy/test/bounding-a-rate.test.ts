import { describe, expect, it } from '@jest/globals';
import { fixedClock } from '@mnv/testing';
import { makeBoundedRate } from '../src/internal/bounded-rate.ts';

const refused = expect.objectContaining({ code: 'too-many-requests' });

describe('what a key may do in a minute', () => {
  it('ends when it is spent, and begins anew after the minute', () => {
    const clock = fixedClock(1_000_000);
    const spend = makeBoundedRate({ aMinute: 10, clock: clock.now });
    spend('a', 6);
    spend('a', 4);
    expect(() => spend('a', 1)).toThrow(refused);
    clock.advance(59_999);
    expect(() => spend('a', 1)).toThrow(refused);
    clock.advance(1);
    spend('a', 10);
  });

  it('is each key’s own', () => {
    const spend = makeBoundedRate({ aMinute: 1, clock: () => 0 });
    spend('a', 1);
    spend('b', 1);
    expect(() => spend('b', 1)).toThrow(refused);
  });

  it('is not spent by what was refused', () => {
    const spend = makeBoundedRate({ aMinute: 3, clock: () => 0 });
    expect(() => spend('a', 4)).toThrow(refused);
    spend('a', 3);
  });
});
