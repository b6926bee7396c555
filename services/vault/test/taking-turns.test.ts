import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { makeTurns } from '../src/turns.ts';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('works that take turns', () => {
  it('run one at a time, the lowest rank of those waiting first, each key by itself', async () => {
    const inTurn = makeTurns();
    const ran: string[] = [];
    const first = Promise.withResolvers<void>();
    const works = [
      inTurn({ key: 'a', rank: 5 }, () => first.promise),
      ...[9, 7, 8].map((rank) => inTurn({ key: 'a', rank }, async () => ran.push(`a${rank}`))),
      inTurn({ key: 'b', rank: 1 }, async () => ran.push('b1')),
    ];
    await works.at(-1);
    expect(ran).toEqual(['b1']);
    first.resolve();
    await Promise.all(works);
    expect(ran).toEqual(['b1', 'a7', 'a8', 'a9']);
  });

  it('go on when one of them fails', async () => {
    const inTurn = makeTurns();
    const failing = inTurn({ key: 'a', rank: 1 }, () => Promise.reject(new Error('away')));
    const next = inTurn({ key: 'a', rank: 2 }, () => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('away');
    expect(await next).toBe('done');
  });

  it('are refused and not run when they waited longer than anybody waits for them', async () => {
    const inTurn = makeTurns();
    const ran: string[] = [];
    const stuck = Promise.withResolvers<void>();
    const first = inTurn({ key: 'a', rank: 1 }, () => stuck.promise);
    const late = inTurn({ key: 'a', rank: 2 }, async () => ran.push('late'));
    jest.advanceTimersByTime(2_000);
    const fresh = inTurn({ key: 'a', rank: 3 }, async () => ran.push('fresh'));
    stuck.resolve();
    await expect(late).rejects.toMatchObject({ code: 'deadline-exceeded' });
    await Promise.all([first, fresh]);
    expect(ran).toEqual(['fresh']);
  });
});
