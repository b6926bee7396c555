import type { Scope } from '@mnv/core';
import { SCOPES, isTenantId } from '@mnv/core';
import type { AccessToken } from './access-token.ts';
import { invalidToken } from './invalid-token.ts';
import { isIdentity, isPlainText } from './text-identity.ts';

/** What the issuer and we agreed on, from settings. */
export type TokenRules = {
  issuer: string;
  audience: string;
  tenantClaim: string;
  subjectClaim: string;
};

export type VerifiedClaims = Omit<AccessToken, 'tokenHash' | 'tokenHashText'>;

const MAX_LIFETIME_S = 300;
export const CLOCK_TOLERANCE_S = 5;
const MAX_AUDIENCES = 8;
/** RFC 6749 §3.3: scope tokens, one space between two. */
const SCOPE_TEXT = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

type Claims = Readonly<Record<string, unknown>>;

/**
 * Checks the claims of a token whose signature is valid (RFC 9068 §4, RFC 8705 §3). `now` is milliseconds
 * since the epoch, `lateMs` how long ago the token may have expired. Throws Refusal `token-invalid`.
 */
export function readClaims(
  claims: Claims,
  rules: TokenRules,
  presented: { x5t: string; now: number; lateMs: number },
): VerifiedClaims {
  if (claims['iss'] !== rules.issuer || !isFor(rules.audience, claims['aud'])) throw invalidToken();
  requirePlainText(claims['jti']);
  requireBinding(claims['cnf'], presented.x5t);
  return {
    issuer: rules.issuer,
    subject: requireIdentity(claims[rules.subjectClaim]),
    clientId: requireIdentity(claims['client_id']),
    tenant: tenantOf(claims[rules.tenantClaim]),
    scopes: scopesOf(claims['scope']),
    expiresAt: 1000 * expiryOf(claims, presented),
    ...actorOf(claims),
    ...authenticationOf(claims),
  };
}

function isFor(audience: string, aud: unknown): boolean {
  if (!Array.isArray(aud)) return aud === audience;
  return aud.length <= MAX_AUDIENCES && aud.every(isText) && aud.includes(audience);
}

/** Only the method we can prove. Another one beside it asks for a proof that nobody checked. */
function requireBinding(cnf: unknown, x5t: string): void {
  if (!isObject(cnf) || Object.keys(cnf).length !== 1 || cnf['x5t#S256'] !== x5t)
    throw invalidToken();
}

/** Seconds since the epoch. A token may live 300 s, whatever its issuer thinks. */
function expiryOf(claims: Claims, presented: { now: number; lateMs: number }): number {
  const [now, lateBy] = [presented.now / 1000, presented.lateMs / 1000];
  const [issued, expires] = [requireDate(claims['iat']), requireDate(claims['exp'])];
  const notBefore = Object.hasOwn(claims, 'nbf') ? requireDate(claims['nbf']) : issued;
  const early = now + CLOCK_TOLERANCE_S < Math.max(issued, notBefore);
  const late = now - CLOCK_TOLERANCE_S - lateBy >= expires;
  if (early || late || expires <= issued || expires - issued > MAX_LIFETIME_S) throw invalidToken();
  return expires;
}

function scopesOf(scope: unknown): ReadonlySet<Scope> {
  if (!isText(scope) || !SCOPE_TEXT.test(scope)) throw invalidToken();
  const granted = new Set(scope.split(' '));
  return new Set(SCOPES.filter((one) => granted.has(one)));
}

function actorOf({ act }: Claims): { actor?: string } {
  if (act === undefined) return {};
  if (!isObject(act)) throw invalidToken();
  return { actor: requireIdentity(act['sub']) };
}

function authenticationOf({ acr, amr, auth_time: time }: Claims) {
  return {
    ...(acr !== undefined && { acr: requirePlainText(acr) }),
    ...(amr !== undefined && { amr: methodsOf(amr) }),
    ...(time !== undefined && { authTime: 1000 * requireDate(time) }),
  };
}

function methodsOf(amr: unknown): string[] {
  if (!Array.isArray(amr)) throw invalidToken();
  return amr.map(requirePlainText);
}

function tenantOf(tenant: unknown): string {
  if (!isText(tenant) || !isTenantId(tenant)) throw invalidToken();
  return tenant;
}

function requireIdentity(value: unknown): string {
  if (!isIdentity(value)) throw invalidToken();
  return value;
}

function requirePlainText(value: unknown): string {
  if (!isPlainText(value)) throw invalidToken();
  return value;
}

/** A NumericDate (RFC 7519 §2) a double holds exactly enough: finite and not before the epoch. */
function requireDate(value: unknown): number {
  if (typeof value !== 'number' || !(value >= 0) || value > Number.MAX_SAFE_INTEGER)
    throw invalidToken();
  return value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
