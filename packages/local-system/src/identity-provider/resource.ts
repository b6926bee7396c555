import { SCOPES, type Scope } from '@mnv/core';
import type { JWK } from 'jose';

export const AUDIENCE = 'mynumber-vault';
/** RFC 8707 wants a URI; the audience of the tokens is {@link AUDIENCE}. */
export const RESOURCE = 'urn:mynumber-vault';
export const TOKEN_LIFETIME_SECONDS = 300;

/** How tokens for the vault look: RFC 9068, signed with the provider's ES256 key. */
export const RESOURCE_SERVER = {
  scope: SCOPES.join(' '),
  audience: AUDIENCE,
  accessTokenFormat: 'jwt' as const,
  accessTokenTTL: TOKEN_LIFETIME_SECONDS,
  jwt: { sign: { alg: 'ES256' as const } },
};

export function isScope(text: string): text is Scope {
  return SCOPES.some((scope) => scope === text);
}

/** A public key as the provider's configuration wants it. */
export function verificationKey(jwk: JWK): JWK {
  return { ...jwk, alg: 'ES256', use: 'sig' };
}
