import { describe, expect, it } from '@jest/globals';
import { fixedClock } from '@mnv/testing';
import { SessionEndedError } from '../src/session-ended-error.ts';
import { makeTokenKeeper } from '../src/token-keeper.ts';
import type { TokenAsk } from '../src/token-source.ts';
import { TransportError } from '../src/transport-error.ts';

const LIFE_MS = 300_000;

function counting(clock: () => number) {
  const state = { issued: 0, failing: undefined as Error | undefined };
  const source = async ({ tenant }: TokenAsk) => {
    if (state.failing) throw state.failing;
    state.issued += 1;
    return { accessToken: `${tenant}-${state.issued}`, expiresAt: clock() + LIFE_MS };
  };
  return { state, source };
}

describe('keeping access tokens', () => {
  it('uses one token until a minute before its end, then renews it', async () => {
    const clock = fixedClock(1_000_000);
    const { state, source } = counting(clock.now);
    const keeper = makeTokenKeeper(source, clock.now);

    expect(await keeper.tokenFor('t-001')).toBe('t-001-1');
    clock.advance(LIFE_MS - 61_000);
    expect(await keeper.tokenFor('t-001')).toBe('t-001-1');
    clock.advance(2_000);

    expect(await keeper.tokenFor('t-001')).toBe('t-001-2');
    expect(state.issued).toBe(2);
  });

  it('keeps the tokens of tenants apart', async () => {
    const { source } = counting(Date.now);
    const keeper = makeTokenKeeper(source, Date.now);

    expect(await keeper.tokenFor('t-001')).toBe('t-001-1');
    expect(await keeper.tokenFor('t-002')).toBe('t-002-2');
    expect(await keeper.tokenFor('t-001')).toBe('t-001-1');
  });

  it('asks the issuer once for calls that come together', async () => {
    const { state, source } = counting(Date.now);
    const keeper = makeTokenKeeper(source, Date.now);

    const tokens = await Promise.all(Array.from({ length: 20 }, () => keeper.tokenFor('t-001')));

    expect(new Set(tokens)).toEqual(new Set(['t-001-1']));
    expect(state.issued).toBe(1);
  });

  it('bridges an issuer that is down with the old token while it lasts', async () => {
    const clock = fixedClock(1_000_000);
    const { state, source } = counting(clock.now);
    const keeper = makeTokenKeeper(source, clock.now);
    await keeper.tokenFor('t-001');
    clock.advance(LIFE_MS - 30_000);
    state.failing = new TransportError('outcome-unknown', 'ECONNRESET');

    expect(await keeper.tokenFor('t-001')).toBe('t-001-1');
    clock.advance(29_000);

    await expect(keeper.tokenFor('t-001')).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('lets go of the old token at once when the session has ended', async () => {
    const clock = fixedClock(1_000_000);
    const { state, source } = counting(clock.now);
    const keeper = makeTokenKeeper(source, clock.now);
    await keeper.tokenFor('t-001');
    clock.advance(LIFE_MS - 50_000);
    state.failing = new SessionEndedError();

    await expect(keeper.tokenFor('t-001')).rejects.toBeInstanceOf(SessionEndedError);
    state.failing = new TransportError('unreachable');
    await expect(keeper.tokenFor('t-001')).rejects.toBeInstanceOf(TransportError);
  });

  it('recovers after a failed renewal', async () => {
    const { state, source } = counting(Date.now);
    const keeper = makeTokenKeeper(source, Date.now);
    state.failing = new TransportError('unreachable');
    await expect(keeper.tokenFor('t-001')).rejects.toBeInstanceOf(TransportError);

    state.failing = undefined;

    expect(await keeper.tokenFor('t-001')).toBe('t-001-1');
  });

  it('forgets a refused token, but not its successor', async () => {
    const { source } = counting(Date.now);
    const keeper = makeTokenKeeper(source, Date.now);
    const refused = await keeper.tokenFor('t-001');

    keeper.forget('t-001', refused);
    expect(await keeper.tokenFor('t-001')).toBe('t-001-2');
    keeper.forget('t-001', refused);

    expect(await keeper.tokenFor('t-001')).toBe('t-001-2');
  });
});
