import { randomUUID } from 'node:crypto';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { JWTPayload } from 'jose';

export const ISSUER = 'https://issuer.test';
export const AUDIENCE = 'mynumber-vault';

export type TokenIssuer = {
  jwks: { keys: object[] };
  /** A token as the issuer makes them, with these claims instead of its own. */
  issue(claims: JWTPayload): Promise<string>;
};

/** The issuer of access tokens (RFC 9068), with one ES256 key made here. */
export async function makeTokenIssuer(): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
  return {
    jwks: { keys: [jwk] },
    issue: async (claims) => {
      const now = Math.floor(Date.now() / 1000);
      const payload = {
        iss: ISSUER,
        aud: AUDIENCE,
        iat: now,
        exp: now + 300,
        jti: randomUUID(),
        ...claims,
      };
      return new SignJWT(payload)
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' })
        .sign(privateKey);
    },
  };
}
