import { randomUUID } from 'node:crypto';
import { SignJWT, importJWK } from 'jose';
import type { JWK } from 'jose';
import type { Clock } from '@mnv/core';
import { openConnection } from './connection.ts';
import type { Connection, Identity } from './connection.ts';
import { bytesOf, parseAnswer } from './read-answer.ts';
import { SessionEndedError } from './session-ended-error.ts';
import { TokenRefusedError } from './token-refused-error.ts';
import type { IssuedToken, TokenAsk, TokenSource } from './token-source.ts';
import { TransportError } from './transport-error.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const JWT_TYPE = 'urn:ietf:params:oauth:token-type:jwt';
const MAX_ANSWER_BYTES = 64 * 1024;

/** How this client is known to the issuer. The connection is mutual TLS: tokens are bound to its certificate. */
export type TokenEndpoint = {
  /** The issuer identifier, also the audience of assertions. */
  issuer: string;
  /** The token endpoint's address. */
  tokenEndpoint: string;
  identity: Identity;
  clientId: string;
  /** Private key of the client's `private_key_jwt` authentication (ES256). */
  clientKey: JWK;
  /** RFC 8707 resource of the vault, e.g. `urn:mynumber-vault`. */
  resource: string;
  /** Scopes to ask for; without them the issuer gives what the person or client may have. */
  scopes?: readonly string[];
  clock?: Clock;
};

/** Tokens of the client itself (RFC 6749 §4.4, RFC 7523): enough to store, never to disclose. */
export function clientCredentials(endpoint: TokenEndpoint): TokenSource {
  return tokenSource(endpoint, () => Promise.resolve({ grant_type: 'client_credentials' }));
}

/**
 * Tokens on the authority of a person (RFC 8693): each renewal shows a fresh proof of the person's session.
 * `subjectToken` returns that proof, a JWT; it throws {@link SessionEndedError} when the session is over.
 */
export function personExchange(
  endpoint: TokenEndpoint,
  subjectToken: () => Promise<string>,
): TokenSource {
  return tokenSource(endpoint, async () => ({
    grant_type: TOKEN_EXCHANGE,
    subject_token: await subjectToken(),
    subject_token_type: JWT_TYPE,
  }));
}

/** Proofs signed by a key the person holds: `sub`, `aud` = issuer, at most 60 s, used once. */
export function subjectTokenBySignInKey(person: {
  issuer: string;
  sub: string;
  signInKey: JWK;
}): () => Promise<string> {
  return () =>
    shortJwt({ key: person.signInKey, sub: person.sub, iss: person.sub, aud: person.issuer });
}

function tokenSource(
  endpoint: TokenEndpoint,
  grant: () => Promise<Record<string, string>>,
): TokenSource {
  const { origin, pathname } = new URL(endpoint.tokenEndpoint);
  const connection = openConnection({ origin, identity: endpoint.identity, connections: 2 });
  return async (ask) => {
    const form = {
      ...(await grant()),
      ...(await clientMembers(endpoint)),
      ...asked(endpoint, ask),
    };
    return exchange(connection, { path: pathname, form, clock: endpoint.clock ?? Date.now });
  };
}

async function clientMembers(endpoint: TokenEndpoint): Promise<Record<string, string>> {
  const { clientId, clientKey, issuer } = endpoint;
  return {
    client_id: clientId,
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await shortJwt({ key: clientKey, sub: clientId, iss: clientId, aud: issuer }),
  };
}

function asked(endpoint: TokenEndpoint, ask: TokenAsk): Record<string, string> {
  const scope = endpoint.scopes?.join(' ');
  return { resource: endpoint.resource, tenant: ask.tenant, ...(scope ? { scope } : {}) };
}

async function shortJwt(claims: {
  key: JWK;
  sub: string;
  iss: string;
  aud: string;
}): Promise<string> {
  const header = { alg: 'ES256', ...(claims.key.kid ? { kid: claims.key.kid } : {}) };
  return new SignJWT()
    .setProtectedHeader(header)
    .setIssuer(claims.iss)
    .setSubject(claims.sub)
    .setAudience(claims.aud)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('50s')
    .sign(await importJWK(claims.key, 'ES256'));
}

async function exchange(
  connection: Connection,
  request: { path: string; form: Record<string, string>; clock: Clock },
): Promise<IssuedToken> {
  const asOf = request.clock();
  const answer = await connection.send({
    method: 'POST',
    path: request.path,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams(request.form).toString(),
    deadlineMs: 10_000,
  });
  const value = parseAnswer((await bytesOf(answer.body, MAX_ANSWER_BYTES)).toString('utf8'));
  return issuedFrom(value as Record<string, unknown> | null, asOf);
}

/** RFC 6749 §5.1 and §5.2. `invalid_grant` is the issuer's word for an authority that has ended. */
function issuedFrom(answer: Record<string, unknown> | null, asOf: number): IssuedToken {
  const { access_token: accessToken, expires_in: life, error } = answer ?? {};
  if (error === 'invalid_grant') throw new SessionEndedError();
  if (typeof error === 'string') throw new TokenRefusedError(error);
  if (typeof accessToken !== 'string' || typeof life !== 'number' || !(life > 0)) {
    throw new TransportError('answer-invalid', 'TOKEN_ANSWER');
  }
  return { accessToken, expiresAt: asOf + life * 1000 };
}
