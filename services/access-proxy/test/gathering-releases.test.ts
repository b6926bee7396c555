import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Run } from '../src/disclosure/build-ticket.ts';
import { makeReleaseRuns } from '../src/disclosure/release-runs.ts';
import { KnownNodes } from '../src/log/known-nodes.ts';

const batch = { logId: 'l', origin: 'o', size: 99, checkpoint: '', nodes: new KnownNodes(0, []) };

/** Asks for requests that became durable together; answers the runs that were sent. */
async function gather(requests: { rid: string; first: number; n: number }[]): Promise<Run[]> {
  const sent: Run[] = [];
  const release = makeReleaseRuns((run) => {
    sent.push(run);
    return Promise.resolve(run.requests.map(() => ({ records: [] })));
  });
  await Promise.all(
    requests.map(({ rid, first, n }) => {
      const appended = { first, entries: Array.from({ length: n }, () => Buffer.alloc(1)), batch };
      const entries = appended.entries.map((entry) => entry.toString('base64'));
      return release({ rid, appended, entries, token: '', certificate: Buffer.alloc(0), jws: '' });
    }),
  );
  return sent;
}

describe('gathering releases into calls to the vault', () => {
  it('asks for neighbours together', async () => {
    const sent = await gather([1, 2, 3].map((at) => ({ rid: `r${at}`, first: at, n: 1 })));
    expect(sent.map(({ first, requests }) => [first, requests.length])).toEqual([[1, 3]]);
  });

  it('never names a request id twice in one call: the vault refuses such a call whole', async () => {
    const sent = await gather(['a', 'b', 'a', 'c'].map((rid, first) => ({ rid, first, n: 1 })));
    expect(sent.map(({ requests }) => requests.map(({ rid }) => rid))).toEqual([
      ['a', 'b'],
      ['a', 'c'],
    ]);
  });

  it('sends every request once, in runs without gaps that one proof covers', async () => {
    const request = fc.record({
      rid: fc.constantFrom('a', 'b', 'c', 'd'),
      gap: fc.nat(1),
      n: fc.integer({ min: 1, max: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 20 }), async (wanted) => {
        let next = 0;
        const requests = wanted.map(({ rid, gap, n }) => {
          const first = next + gap;
          next = first + n;
          return { rid, first, n };
        });
        const sent = await gather(requests);
        const places = sent.flatMap((run) => run.requests.map(({ appended }) => appended.first));
        expect(places).toEqual(requests.map(({ first }) => first));
        for (const { first, requests: own } of sent) {
          let end = first;
          for (const { appended } of own) {
            expect(appended.first).toBe(end);
            end += appended.entries.length;
          }
          expect(new Set(own.map(({ rid }) => rid)).size).toBe(own.length);
          expect(own.length === 1 || end - first <= 32).toBe(true);
        }
      }),
    );
  });
});
