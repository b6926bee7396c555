import type { Clock } from '@mnv/core';
import { SessionEndedError } from './session-ended-error.ts';
import type { IssuedToken, TokenSource } from './token-source.ts';
import { TransportError } from './transport-error.ts';

const LONGEST_MARGIN_MS = 60_000;
const SHORTEST_REST_MS = 5_000;

type Held = { token: IssuedToken; renewAt: number };

export type TokenKeeper = {
  /** A token that is valid for some seconds more. */
  tokenFor: (tenant: string) => Promise<string>;
  /** Forgets a token that the service refused. Another one obtained meanwhile stays. */
  forget: (tenant: string, accessToken: string) => void;
};

/**
 * Keeps one token per tenant and renews it when a fifth of its life, at most a minute, is left. Calls that
 * come together share one renewal. An issuer that is down is bridged by the old token while it lasts; an
 * ended session is not: the person's authority is gone at once.
 */
export function makeTokenKeeper(source: TokenSource, clock: Clock): TokenKeeper {
  const held = new Map<string, Held>();
  const renewing = new Map<string, Promise<string>>();

  const renew = async (tenant: string): Promise<string> => {
    try {
      const token = await source({ tenant });
      held.set(tenant, { token, renewAt: renewalOf(token, clock()) });
      return token.accessToken;
    } catch (error) {
      if (error instanceof SessionEndedError) held.delete(tenant);
      const old = held.get(tenant);
      if (old && old.token.expiresAt - clock() > SHORTEST_REST_MS) return old.token.accessToken;
      throw asUnreachable(error);
    }
  };

  return {
    tokenFor: (tenant) => {
      const current = held.get(tenant);
      if (current && clock() < current.renewAt) return Promise.resolve(current.token.accessToken);
      const shared = renewing.get(tenant) ?? renew(tenant).finally(() => renewing.delete(tenant));
      renewing.set(tenant, shared);
      return shared;
    },
    forget: (tenant, accessToken) => {
      if (held.get(tenant)?.token.accessToken === accessToken) held.delete(tenant);
    },
  };
}

/** An answer of the issuer that got lost leaves the vault untouched: nothing was asked of it yet. */
function asUnreachable(error: unknown): unknown {
  const lost = error instanceof TransportError && error.code === 'outcome-unknown';
  return lost ? new TransportError('unreachable', error.causeCode) : error;
}

function renewalOf(token: IssuedToken, now: number): number {
  return token.expiresAt - Math.min(LONGEST_MARGIN_MS, (token.expiresAt - now) / 5);
}
