import type { Clock } from '@mnv/core';

/** A clock that moves only when told. `at` is milliseconds since the epoch. */
export interface FixedClock {
  readonly now: Clock;
  advance(milliseconds: number): void;
  set(at: number): void;
}

export function fixedClock(start: number): FixedClock {
  let at = start;
  return {
    now: () => at,
    advance: (milliseconds) => {
      at += milliseconds;
    },
    set: (instant) => {
      at = instant;
    },
  };
}
