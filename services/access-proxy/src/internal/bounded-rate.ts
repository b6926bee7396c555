import type { Clock } from '@mnv/core';
import { Refusal } from '@mnv/core';

const WINDOW_MS = 60_000;
const MAX_KEYS = 10_000;

/** Spends `cost` of what a key may do in a minute. Throws Refusal `too-many-requests` when it is spent. */
export type Spend = (key: string, cost: number) => void;

/** So much a minute for each key. When there are more keys than anybody honest has, all begin anew together. */
export function makeBoundedRate({ aMinute, clock }: { aMinute: number; clock: Clock }): Spend {
  const windows = new Map<string, { since: number; spent: number }>();
  return (key, cost) => {
    const now = clock();
    const known = windows.get(key);
    const window = known && now - known.since < WINDOW_MS ? known : { since: now, spent: 0 };
    if (window.spent + cost > aMinute)
      throw new Refusal('too-many-requests', 'Too many entries in one minute. Wait a little.');
    if (windows.size >= MAX_KEYS) windows.clear();
    windows.set(key, { ...window, spent: window.spent + cost });
  };
}
