import type { Clock } from '@mnv/core';
import type { Connection, WireAnswer, WireRequest } from './connection.ts';
import { ProblemError } from './problem-error.ts';
import { requireSuccess } from './read-answer.ts';
import type { TokenKeeper } from './token-keeper.ts';

export type CallRequest = Omit<WireRequest, 'deadlineMs'> & { deadlineMs?: number };

/**
 * Sends with the tenant's token and returns a successful answer. `prepare` builds the request anew for each
 * sending, because a signed request may be sent once.
 * @throws ProblemError, TransportError, SessionEndedError
 */
export type Call = (tenant: string, prepare: () => CallRequest) => Promise<WireAnswer>;

const DEADLINE_MS = 15_000;

/**
 * A token refused with 401 is renewed once: the refusal is certain, nothing was carried out. A refused
 * request signature is not retried: a new token would not mend it.
 */
export function makeCall(options: {
  connection: Connection;
  tokens: TokenKeeper;
  clock: Clock;
}): Call {
  const sendOnce = async (token: string, request: CallRequest) => {
    const headers = { ...request.headers, authorization: `Bearer ${token}` };
    const answer = await options.connection.send({ deadlineMs: DEADLINE_MS, ...request, headers });
    return requireSuccess(answer, options.clock());
  };
  return async (tenant, prepare) => {
    const token = await options.tokens.tokenFor(tenant);
    try {
      return await sendOnce(token, prepare());
    } catch (error) {
      if (!isRefusedToken(error)) throw error;
      options.tokens.forget(tenant, token);
      return sendOnce(await options.tokens.tokenFor(tenant), prepare());
    }
  };
}

function isRefusedToken(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 401 && error.code === 'token-invalid';
}
