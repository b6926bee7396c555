import { describe, expect, it } from '@jest/globals';
import type { FenceFacts } from '../src/restore/judge-fence.ts';
import { judgeFence } from '../src/restore/judge-fence.ts';
import { PROXY, witnessSource } from '../src/restore/outside-memory.ts';

const HOUR = 3_600_000;
const NOW = Date.now();
const WITNESS = 'witness.test';

/** What was said so many hours ago, by the proxy and a witness, to a process that began days before. */
function said(hoursAgo: Record<string, number>): FenceFacts {
  const memories = Object.entries(hoursAgo).map(([source, hours]) => ({
    source,
    size: 0,
    root: undefined,
    contradicts: false,
    saidAt: new Date(NOW - hours * HOUR),
    ageMs: hours * HOUR,
  }));
  return {
    beganAt: new Date(NOW - 100 * HOUR),
    log: { size: 3, rootAt: () => Promise.resolve(undefined) },
    memories,
    witnesses: [WITNESS],
    roots: { newer: [], current: 'enabled' },
    runningEpoch: undefined,
    reconciliationDue: false,
  };
}

describe('a vault that has run for days', () => {
  it.each([
    [{ [PROXY]: 23.9, [witnessSource(WITNESS)]: 23.9 }, []],
    [{ [PROXY]: 24, [witnessSource(WITNESS)]: 1 }, ['unheard']],
    [{ [PROXY]: 1, [witnessSource(WITNESS)]: 24 }, ['unheard']],
    [{ [PROXY]: 1 }, ['unheard']],
    [{ [PROXY]: 1, [witnessSource('another')]: 1 }, ['unheard']],
  ])('that heard of the world %j hours ago is kept closed by %j', async (hoursAgo, reasons) => {
    expect(await judgeFence(said(hoursAgo))).toEqual(reasons);
  });
});
