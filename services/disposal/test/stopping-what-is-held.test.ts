import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Refusal } from '@mnv/core';
import type { VaultState } from '../src/database.ts';
import type { Disposal } from '../src/disposals/disposal.ts';
import { makeWatchDisposals } from '../src/disposals/watch-disposals.ts';

/** One look at a disposal that was ordered, in this state at the vault, and what keeps its records. */
async function lookedAt({ vaultState, kept }: { vaultState: VaultState; kept?: Refusal }) {
  const asked: string[] = [];
  const waiting: unknown[] = [];
  const disposal: Disposal = {
    tenantId: 't-001',
    disposalId: randomUUID(),
    caseId: 'DUE-1',
    reason: 'due',
    batchHash: 'x',
    count: 1,
    notDue: 0,
    draftedAt: new Date(),
    draftedBy: 's-1',
    askedAt: new Date(),
    orderedAt: new Date(),
    stopAt: undefined,
    lookedAt: undefined,
    vaultState,
    held: false,
    approvals: 2,
    epoch: undefined,
    indices: undefined,
    certificate: undefined,
  };
  const ask = (what: string) => () => {
    asked.push(what);
    return Promise.resolve();
  };
  await makeWatchDisposals({
    vault: { order: ask('order'), stop: ask('stop') },
    listWatched: () => Promise.resolve([disposal]),
    endWatch: ask('end'),
    findDisposal: () => Promise.resolve(disposal),
    look: (one) => Promise.resolve(one),
    withdrawIntent: ask('withdraw'),
    requireNotKept: () => (kept ? Promise.reject(kept) : Promise.resolve()),
    certify: ask('certify'),
    reportWaiting: (_, error) => waiting.push(error),
    clock: Date.now,
  })();
  return { asked, waiting };
}

const held = new Refusal('held', 'A legal hold covers a record of this disposal.');
const neededAgain = new Refusal('disposal-conflict', 'A record is needed again.');

describe('a disposal that was ordered', () => {
  it.each(['frozen', 'intent'] as const)(
    'is stopped, %s, once a legal hold covers a record, reported or not',
    async (vaultState) => {
      expect(await lookedAt({ vaultState, kept: held })).toEqual({
        asked: ['stop'],
        waiting: [],
      });
    },
  );

  it('goes on without a hold, and is left to people when a record is needed again', async () => {
    expect((await lookedAt({ vaultState: 'frozen' })).asked).toEqual([]);
    expect(await lookedAt({ vaultState: 'frozen', kept: neededAgain })).toEqual({
      asked: [],
      waiting: [],
    });
  });

  it('is not asked to stop where the vault has passed the point of no return', async () => {
    expect((await lookedAt({ vaultState: 'rekeying', kept: held })).asked).toEqual([]);
  });
});
