import type { CryptoKey, JWK } from 'jose';
import { importJWK } from 'jose';

/** The public keys of one issuer, by key id. */
export type KeySet = ReadonlyMap<string, CryptoKey>;

const MAX_KEYS = 32;

/**
 * Reads a JWK Set (RFC 7517 §5). Only P-256 signing keys with an id are taken, without anything else their
 * members say; other keys are left out. Throws TypeError when it is no JWK Set or one id has two keys.
 */
export async function readKeySet(jwks: unknown, algorithm: 'ES256'): Promise<KeySet> {
  const keys = new Map<string, CryptoKey>();
  for (const jwk of signingKeys(jwks, algorithm)) {
    if (keys.has(jwk.kid)) throw new TypeError('two keys of the issuer have one id');
    const { kty, crv, x, y } = jwk;
    keys.set(jwk.kid, (await importJWK({ kty, crv, x, y } as JWK, algorithm)) as CryptoKey);
  }
  return keys;
}

type SigningKey = { kid: string; kty: string; crv: string; x: string; y: string };

function signingKeys(jwks: unknown, algorithm: string): SigningKey[] {
  const list = (jwks as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(list) || list.length > MAX_KEYS) throw new TypeError('not a JWK Set');
  return list.filter((jwk): jwk is SigningKey => isSigningKey(jwk, algorithm));
}

function isSigningKey(jwk: unknown, algorithm: string): boolean {
  if (typeof jwk !== 'object' || jwk === null) return false;
  const { kid, kty, crv, alg, use, d } = jwk as Record<string, unknown>;
  const shape = typeof kid === 'string' && kty === 'EC' && crv === 'P-256' && d === undefined;
  return shape && (alg === undefined || alg === algorithm) && (use === undefined || use === 'sig');
}
