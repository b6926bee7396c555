import { parseStrictJson } from '@mnv/protocol';
import { invalidToken } from './invalid-token.ts';

/** Tokens longer than this are refused before anything is decoded. */
export const MAX_TOKEN_BYTES = 8192;

const TYPES = new Set(['at+jwt', 'application/at+jwt']);
/** Parameters that name, carry or fetch a key, or change what is signed. None of them is followed: refused. */
const FORBIDDEN = [
  'jku',
  'jwk',
  'x5u',
  'x5c',
  'crit',
  'b64',
  'cty',
  'zip',
  'enc',
  'p2c',
  'p2s',
  'epk',
  'apu',
  'apv',
];
const KEY_ID = /^[\x21-\x7e]{1,128}$/;
const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** The parts of a token whose signature nobody has checked yet. */
export type TokenParts = { keyId: string; claims: Record<string, unknown> };

/**
 * Takes an attacker-controlled compact JWS apart. One token has one spelling: base64url is canonical and
 * members are unique, or a replay could pass as another token. Throws Refusal `token-invalid`.
 */
export function readTokenParts(token: string, algorithm: string): TokenParts {
  if (token.length > MAX_TOKEN_BYTES) throw invalidToken();
  const [header, payload, signature, ...more] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) {
    throw invalidToken();
  }
  canonicalBytes(signature);
  return { keyId: keyIdOf(objectFrom(header), algorithm), claims: objectFrom(payload) };
}

/** RFC 8725 §3.1, §3.10 and §3.11; RFC 9068 §2.1. */
function keyIdOf(header: Record<string, unknown>, algorithm: string): string {
  const { alg, typ, kid } = header;
  if (alg !== algorithm || typeof typ !== 'string' || !TYPES.has(typ)) throw invalidToken();
  if (typeof kid !== 'string' || !KEY_ID.test(kid)) throw invalidToken();
  if (FORBIDDEN.some((name) => Object.hasOwn(header, name))) throw invalidToken();
  return kid;
}

function objectFrom(part: string): Record<string, unknown> {
  const value = parse(canonicalBytes(part));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidToken();
  return value as Record<string, unknown>;
}

function parse(bytes: Buffer): unknown {
  try {
    return parseStrictJson(bytes, { maxBytes: MAX_TOKEN_BYTES });
  } catch {
    throw invalidToken();
  }
}

function canonicalBytes(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (!BASE64URL.test(part) || bytes.toString('base64url') !== part) throw invalidToken();
  return bytes;
}
