import { type KeyObject, generateKeyPairSync, sign } from 'node:crypto';
import { fixedClock } from '@mnv/testing';

export const ISSUER = 'https://issuer.example';
export const AUDIENCE = 'mynumber-vault';
/** Thumbprints of two client certificates (base64url SHA-256). */
export const OURS = 'A'.repeat(43);
export const THEIRS = 'B'.repeat(43);

export const clock = fixedClock(1_900_000_000_000);
export const nowInSeconds = () => Math.floor(clock.now() / 1000);

export type SigningKey = { privateKey: KeyObject; publicKey: KeyObject; keyId: string };

export function newKey(keyId: string): SigningKey {
  return { ...generateKeyPairSync('ec', { namedCurve: 'P-256' }), keyId };
}

export const jwkOf = ({ publicKey, keyId }: SigningKey): object => ({
  ...publicKey.export({ format: 'jwk' }),
  kid: keyId,
  alg: 'ES256',
  use: 'sig',
});

export const soundClaims = () => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'person-1',
  client_id: 'payroll',
  scope: 'number:read record:read',
  tenant: 't-001',
  iat: nowInSeconds() - 10,
  exp: nowInSeconds() + 200,
  jti: 'one',
  cnf: { 'x5t#S256': OURS },
});

export const soundHeader = (key: SigningKey) => ({ alg: 'ES256', typ: 'at+jwt', kid: key.keyId });

export const encoded = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token signed by `key` whatever its header and claims say; texts are taken as they are. */
export function tokenOf(
  key: SigningKey,
  claims: object | string = soundClaims(),
  header: object | string = soundHeader(key),
): string {
  const input = `${encoded(header)}.${encoded(claims)}`;
  const signature = sign('sha256', Buffer.from(input), {
    key: key.privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return `${input}.${signature.toString('base64url')}`;
}
