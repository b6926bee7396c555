import { hash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { holdsTwelveDigits, isCaseId, isTenantId, isUuid } from '@mnv/core';
import { invalidRequest } from './invalid-request.ts';
import { algorithmOf, isSignatureOver, signatureOver } from './request-signature.ts';
import type { RequestAlgorithm } from './request-signature.ts';
import { parseStrictJson } from './strict-json.ts';

const TYPE = 'mnv-request+jws';
const MAX_JWS_BYTES = 2048;
const PURPOSE = /^[A-Z0-9][A-Z0-9-]{0,39}$/;
const OPERATION = /^[a-z][a-z-]{0,39}$/;
const BASE64URL = /^[A-Za-z0-9_-]+$/;
const HEADER_MEMBERS = 'alg,typ';
/** SHA-256 in base64url. */
const DIGEST_LENGTH = 43;

/** What the client signs with its certificate's key: who may be opened, for what, and nothing of a number. */
export type SignedRequest = {
  rid: string;
  /** Seconds since the epoch. */
  iat: number;
  tenant: string;
  operation: string;
  purpose: string;
  caseId: string;
  count: number;
  /** base64url(SHA-256(the record UUIDs as 16 bytes each, in request order)); of a disposal, the batch hash. */
  recordsDigest: string;
};

export type RequestToSign = Omit<SignedRequest, 'count' | 'recordsDigest'> & {
  recordIds: readonly string[];
};

/** A request about a batch of a disposal, whose hash says which records in which order. */
export type BatchRequestToSign = Omit<SignedRequest, 'recordsDigest'> & { batchHash: string };

/** base64url SHA-256 over the record ids (canonical UUIDs) as 16 bytes each, in request order. */
export function recordsDigest(recordIds: readonly string[]): string {
  // All at once: id by id, a chunk of 500 would cost more than the signature over it.
  const bytes = Buffer.from(recordIds.join('').replaceAll('-', ''), 'hex');
  return hash('sha256', bytes, 'base64url');
}

/** Signs a request as a compact JWS (RFC 7515) with the key of the client's certificate. */
export function signRequest(request: RequestToSign, privateKey: KeyObject): string {
  const { recordIds } = request;
  const covered = { count: recordIds.length, recordsDigest: recordsDigest(recordIds) };
  return signPayload({ ...request, ...covered }, privateKey);
}

/** The same for a batch: what is signed is its hash, which is what people approve. */
export function signBatchRequest(request: BatchRequestToSign, privateKey: KeyObject): string {
  return signPayload({ ...request, recordsDigest: request.batchHash }, privateKey);
}

function signPayload(request: SignedRequest, privateKey: KeyObject): string {
  const alg = requireAlgorithm(privateKey);
  const payload = {
    v: 1,
    rid: request.rid,
    iat: request.iat,
    ten: request.tenant,
    op: request.operation,
    pur: request.purpose,
    case: request.caseId,
    n: request.count,
    ids: request.recordsDigest,
  };
  const input = `${base64url({ alg, typ: TYPE })}.${base64url(payload)}`;
  const signature = signatureOver(Buffer.from(input), { key: privateKey, alg });
  return `${input}.${signature.toString('base64url')}`;
}

/**
 * Verifies the signature and reads the request; attacker-controlled. The key is that of the presented
 * certificate and fixes the algorithm: the header cannot choose one. The freshness and the match with the
 * ids asked for are checked by `requireRequest`.
 * @throws Refusal `request-signature-invalid`
 */
export async function readSignedRequest(jws: string, publicKey: KeyObject): Promise<SignedRequest> {
  const [header, payload, signature, ...rest] = jws.length > MAX_JWS_BYTES ? [] : jws.split('.');
  if (!header || !payload || !signature || rest.length > 0) throw invalidRequest();
  const alg = requireAlgorithm(publicKey);
  requireHeader(header, alg);
  const signed = Buffer.from(`${header}.${payload}`);
  if (!(await isSignatureOver(signed, strictBytes(signature), { key: publicKey, alg })))
    throw invalidRequest();
  return requestFrom(closedObject(strictBytes(payload), PAYLOAD_MEMBERS));
}

function requireAlgorithm(key: KeyObject): RequestAlgorithm {
  const alg = algorithmOf(key);
  if (!alg) throw invalidRequest();
  return alg;
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** One value has one text: padding bits that do not round-trip are refused. */
function strictBytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (!BASE64URL.test(text) || bytes.toString('base64url') !== text) throw invalidRequest();
  return bytes;
}

/** Exactly `alg` and `typ`; the common spelling is compared as text, others are parsed. */
function requireHeader(header: string, alg: RequestAlgorithm): void {
  if (header === base64url({ alg, typ: TYPE })) return;
  const read = closedObject(strictBytes(header), HEADER_MEMBERS);
  if (read['alg'] !== alg || read['typ'] !== TYPE) throw invalidRequest();
}

function closedObject(bytes: Buffer, members: string): Record<string, unknown> {
  try {
    const value = parseStrictJson(bytes, { maxBytes: MAX_JWS_BYTES });
    if (
      typeof value === 'object' &&
      value !== null &&
      Object.keys(value).sort().join() === members
    ) {
      return value as Record<string, unknown>;
    }
  } catch {
    // A malformed part is the same refusal as a wrong one.
  }
  throw invalidRequest();
}

type Payload = {
  v: 1;
  rid: string;
  iat: number;
  ten: string;
  op: string;
  pur: string;
  case: string;
  n: number;
  ids: string;
};

const PAYLOAD: { readonly [Name in keyof Payload]: (value: unknown) => boolean } = {
  v: (value) => value === 1,
  rid: isTextThat(isUuid),
  iat: Number.isSafeInteger,
  ten: isTextThat(isTenantId),
  op: isTextThat((text) => OPERATION.test(text)),
  // It comes into an entry before anybody looks whether there is such a purpose.
  pur: isTextThat((text) => PURPOSE.test(text) && !holdsTwelveDigits(text)),
  case: isTextThat(isCaseId),
  n: (value) => Number.isSafeInteger(value) && Number(value) >= 1,
  ids: isTextThat((text) => text.length === DIGEST_LENGTH),
};
const PAYLOAD_MEMBERS = Object.keys(PAYLOAD).sort().join();

function requestFrom(payload: Record<string, unknown>): SignedRequest {
  if (!isPayload(payload)) throw invalidRequest();
  return {
    rid: payload.rid,
    iat: payload.iat,
    tenant: payload.ten,
    operation: payload.op,
    purpose: payload.pur,
    caseId: payload.case,
    count: payload.n,
    recordsDigest: payload.ids,
  };
}

function isPayload(value: Record<string, unknown>): value is Payload {
  return Object.entries(PAYLOAD).every(([name, isSound]) => isSound(value[name]));
}

function isTextThat(isSound: (text: string) => boolean): (value: unknown) => boolean {
  return (value) => typeof value === 'string' && isSound(value);
}
