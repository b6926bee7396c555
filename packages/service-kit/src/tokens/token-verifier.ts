import { createHash } from 'node:crypto';
import { compactVerify } from 'jose';
import type { CryptoKey } from 'jose';
import type { Clock } from '@mnv/core';
import type { AccessToken, VerifyAccessToken } from './access-token.ts';
import { makeFetchKeySet } from './fetch-key-set.ts';
import { invalidToken } from './invalid-token.ts';
import { type FindKey, makeIssuerKeys } from './issuer-keys.ts';
import { readKeySet } from './key-set.ts';
import { CLOCK_TOLERANCE_S, type TokenRules, readClaims } from './read-claims.ts';
import { MAX_TOKEN_BYTES, readTokenParts } from './token-parts.ts';
import { VerifiedTokens } from './verified-tokens.ts';

const REMEMBERED = 10_000;

/** One issuer, one algorithm, one audience. The keys come from `jwksUri`, or stand in `jwks` and never change. */
export type TokenVerifierOptions = {
  issuer: string;
  audience: string;
  algorithm?: 'ES256';
  tenantClaim?: string;
  subjectClaim?: string;
  clock?: Clock;
  /** Monotonic milliseconds, for the age of fetched keys. */
  elapsed?: () => number;
} & (
  | { jwksUri: string; ca?: string; jwks?: never }
  | { jwks: unknown; jwksUri?: never; ca?: never }
);

/**
 * Verifies access tokens (RFC 9068, RFC 8725, RFC 8705 §3). A verified token is remembered until it expires;
 * its clock and its certificate are checked on every call.
 */
export function createTokenVerifier(options: TokenVerifierOptions): VerifyAccessToken {
  const {
    algorithm = 'ES256',
    clock = Date.now,
    tenantClaim = 'tenant',
    subjectClaim = 'sub',
  } = options;
  const rules: TokenRules = {
    issuer: options.issuer,
    audience: options.audience,
    tenantClaim,
    subjectClaim,
  };
  const findKey = findKeyFor(options, algorithm);
  const verified = new VerifiedTokens(REMEMBERED);

  type Presented = { x5t: string; hash: Buffer; lateMs: number };

  async function verifyAnew(text: string, { x5t, hash, lateMs }: Presented): Promise<AccessToken> {
    const { keyId, claims } = readTokenParts(text, algorithm);
    const key = await findKey(keyId);
    if (key === undefined) throw invalidToken();
    await requireSignature(text, key, algorithm);
    const read = readClaims(claims, rules, { x5t, now: clock(), lateMs });
    return Object.freeze({ ...read, tokenHash: hash, tokenHashText: hash.toString('base64url') });
  }

  return async (text, x5t, { lateMs } = { lateMs: 0 }) => {
    if (text.length > MAX_TOKEN_BYTES) throw invalidToken();
    const hash = createHash('sha256').update(text).digest();
    const key = hash.toString('latin1');
    const known = verified.find(key);
    if (known === undefined) {
      const token = await verifyAnew(text, { x5t, hash, lateMs });
      verified.remember(key, { token, x5t });
      return token;
    }
    const until = known.token.expiresAt + 1000 * CLOCK_TOLERANCE_S + lateMs;
    if (clock() >= until) verified.forget(key);
    else if (known.x5t === x5t) return known.token;
    throw invalidToken();
  };
}

function findKeyFor(options: TokenVerifierOptions, algorithm: 'ES256'): FindKey {
  if (options.jwksUri === undefined) {
    const fixed = readKeySet(options.jwks, algorithm);
    fixed.catch(() => undefined); // every verification reports it
    return async (keyId) => (await fixed).get(keyId);
  }
  const { jwksUri, ca, elapsed = () => performance.now() } = options;
  return makeIssuerKeys(
    makeFetchKeySet({ jwksUri, algorithm, ...(ca !== undefined && { ca }) }),
    elapsed,
  );
}

async function requireSignature(text: string, key: CryptoKey, algorithm: string): Promise<void> {
  try {
    await compactVerify(text, key, { algorithms: [algorithm] });
  } catch {
    throw invalidToken();
  }
}
