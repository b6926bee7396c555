import { decodeJwt, errors as joseErrors, importJWK, jwtVerify, type JWTPayload } from 'jose';
import type { Person } from './directory.ts';
import { refuse } from './refuse.ts';

const MAX_LIFETIME_SECONDS = 60;
const CLOCK_SKEW_SECONDS = 5;

export type SubjectToken = { person: Person; signedAt: number; expiresAt: number; jti: string };

function claimedPerson(token: string, people: readonly Person[]): Person {
  try {
    const { sub } = decodeJwt(token);
    const person = people.find((one) => one.sub === sub);
    if (person !== undefined) return person;
  } catch (error) {
    if (!(error instanceof joseErrors.JOSEError) && !(error instanceof TypeError)) throw error;
  }
  return refuse('invalid_grant', 'the subject token names nobody known');
}

async function verified(token: string, person: Person, issuer: string): Promise<JWTPayload> {
  try {
    const key = await importJWK(person.signInJwk, 'ES256');
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['ES256'],
      audience: issuer,
      clockTolerance: CLOCK_SKEW_SECONDS,
      requiredClaims: ['sub', 'aud', 'iat', 'exp', 'jti'],
    });
    return payload;
  } catch (error) {
    if (!(error instanceof joseErrors.JOSEError)) throw error;
    return refuse('invalid_grant', 'the subject token is not valid');
  }
}

/**
 * A person's own signed statement "act for me now" (RFC 8693 §2.1): ES256 by the sign-in key, for this
 * issuer, living at most 60 s. Single use is the caller's to enforce, by `jti` until `expiresAt`.
 */
export async function readSubjectToken(
  token: string,
  directory: { people: readonly Person[]; issuer: string },
): Promise<SubjectToken> {
  const person = claimedPerson(token, directory.people);
  const { iat, exp, jti, aud } = await verified(token, person, directory.issuer);
  if (iat === undefined || exp === undefined || jti === undefined || typeof aud !== 'string') {
    return refuse('invalid_grant', 'the subject token is not valid');
  }
  const now = Math.floor(Date.now() / 1000);
  if (exp - iat > MAX_LIFETIME_SECONDS || iat > now + CLOCK_SKEW_SECONDS) {
    return refuse('invalid_grant', 'the subject token lives longer than 60 seconds');
  }
  return { person, signedAt: iat, expiresAt: exp, jti };
}
