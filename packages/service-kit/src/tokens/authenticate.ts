import type { Request, RequestHandler, Response } from 'express';
import { Refusal } from '@mnv/core';
import { peerOf } from '../tls/peer.ts';
import type { VerifyAccessToken } from './access-token.ts';
import type { Caller } from './caller.ts';

const BEARER = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/;
const callers = new WeakMap<Response, Caller>();

export type AuthenticateDependencies = {
  verifyAccessToken: VerifyAccessToken;
  /** Notes a certificate that came without a valid token; bounded per certificate. */
  noteFailedAttempt(attempt: { x5t: string; code: string }): Promise<void>;
};

/** Verifies the token of every request against the certificate of its connection. */
export function authenticate({
  verifyAccessToken,
  noteFailedAttempt,
}: AuthenticateDependencies): RequestHandler {
  return async (req, res, next) => {
    const peer = peerOf(req);
    try {
      const tokenText = bearerOf(req);
      const token = await verifyAccessToken(tokenText, peer.x5t);
      callers.set(res, { token, tokenText, certificate: peer.certificateDer, x5t: peer.x5t });
    } catch (error) {
      if (error instanceof Refusal) await noteFailedAttempt({ x5t: peer.x5t, code: error.code });
      throw error;
    }
    next();
  };
}

/** The caller of an authenticated request. Throws when the route was not behind {@link authenticate}. */
export function callerOf(res: Response): Caller {
  const caller = callers.get(res);
  if (!caller) throw new Error('the route is not authenticated');
  return caller;
}

function bearerOf(req: Request): string {
  const header = req.get('authorization');
  if (header === undefined)
    throw new Refusal('token-required', 'Send Authorization: Bearer with an access token.');
  const token = BEARER.exec(header)?.[1];
  if (token === undefined)
    throw new Refusal('token-invalid', 'Send Authorization: Bearer with an access token.');
  return token;
}
