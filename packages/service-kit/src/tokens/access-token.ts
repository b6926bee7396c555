import type { Scope } from '@mnv/core';
import { Refusal } from '@mnv/core';

/** A verified access token. `expiresAt` and `authTime` are milliseconds since the epoch. */
export type AccessToken = {
  issuer: string;
  /** The person on whose authority the call is made, or the client itself. */
  subject: string;
  clientId: string;
  tenant: string;
  scopes: ReadonlySet<Scope>;
  /** The client that acts for the person (RFC 8693 §4.1). */
  actor?: string;
  expiresAt: number;
  /** SHA-256 of the token text. */
  tokenHash: Buffer;
  /** The same, base64url. */
  tokenHashText: string;
  acr?: string;
  amr?: readonly string[];
  authTime?: number;
};

/**
 * Verifies a token for the connection whose certificate has the SHA-256 thumbprint `x5t` (base64url). It may have
 * expired `lateMs` ago, which is nothing unless said otherwise: no right comes from a token that has expired.
 * Throws Refusal `token-invalid`, or `issuer-unavailable` when its keys cannot be known.
 */
export type VerifyAccessToken = (
  token: string,
  x5t: string,
  allowance?: { lateMs: number },
) => Promise<AccessToken>;

/** Requires that a person stands behind the call. Throws Refusal `operator-required`. */
export function requirePerson(token: AccessToken): void {
  if (token.subject === token.clientId || token.subject === token.actor) {
    throw new Refusal('operator-required', 'The access token names a client and no person.');
  }
}

/** Throws Refusal `scope-missing`. */
export function requireScope(token: AccessToken, scope: Scope): void {
  if (!token.scopes.has(scope)) {
    throw new Refusal('scope-missing', `The access token lacks the scope ${scope}.`);
  }
}
