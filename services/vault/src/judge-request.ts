import { createHash } from 'node:crypto';
import type { AccessEntry, DisclosureOperation, SignedRequest } from '@mnv/protocol';
import {
  decodeEntry,
  findDisclosureOperation,
  readSignedRequest,
  requireRequest,
} from '@mnv/protocol';
import type { Clock, ProblemCode } from '@mnv/core';
import { Refusal, isUuid } from '@mnv/core';
import type { AccessToken, ReadCertificate, VerifyAccessToken } from '@mnv/service-kit';
import { requirePerson, requireScope } from '@mnv/service-kit';

/** How old an entry may be when its number leaves, by the vault's own clock. */
const ENTRY_FRESH_MS = 30_000;

/** A request whose person, signature and entries agree: only the records themselves are still to be judged. */
export type JudgedRequest = {
  request: SignedRequest & { operation: DisclosureOperation };
  entries: Buffer[];
  recordIds: string[];
};

export type RequestEvidence = {
  token: string;
  certificate: Buffer;
  jws: string;
  entries: Buffer[];
  /** The tenant whose log the entries were proven to be in. */
  tenantId: string;
};

export type JudgeDependencies = {
  verifyAccessToken: VerifyAccessToken;
  readCertificate: ReadCertificate;
  clock: Clock;
  /** What may be asked for here. */
  operations: readonly DisclosureOperation[];
};

/**
 * Decides by itself, from evidence the proxy cannot make: the person's token bound to the client certificate,
 * the request signed by that certificate's key, and entries that say exactly this. A proxy that widens,
 * relabels, replays or acts unasked fails here.
 * @throws Refusal
 */
export async function judgeRequest(
  evidence: RequestEvidence,
  { verifyAccessToken, readCertificate, clock, operations }: JudgeDependencies,
): Promise<JudgedRequest> {
  const now = clock();
  const certificate = readCertificate(evidence.certificate, now);
  const token = await verifyAccessToken(evidence.token, certificate.x5t);
  requirePerson(token);
  requireScope(token, 'number:read');
  const request = await readSignedRequest(evidence.jws, certificate.publicKey);
  const entries = evidence.entries.map((bytes) => readEntry(bytes));
  const recordIds = entries.map((entry) => entry.rec);
  if (token.tenant !== evidence.tenantId) throw mismatch();
  const operation = findDisclosureOperation(request.operation, operations);
  if (!operation)
    throw new Refusal('request-signature-invalid', 'The request is for another operation.');
  requireRequest(request, { tenant: token.tenant, operation, recordIds, now });
  const expected = expectedMembers(token, request, { x5t: certificate.x5t, jws: evidence.jws });
  for (const entry of entries) requireEntry(entry, expected, now);
  return { request: { ...request, operation }, entries: evidence.entries, recordIds };
}

function expectedMembers(
  token: AccessToken,
  request: SignedRequest,
  { x5t, jws }: { x5t: string; jws: string },
): Partial<AccessEntry> {
  return {
    k: 'intent',
    dec: 'allow',
    op: request.operation,
    cnt: 1,
    rid: request.rid,
    ten: token.tenant,
    iss: token.issuer,
    sub: token.subject,
    act: token.clientId,
    x5t,
    tok: token.tokenHashText,
    rqh: createHash('sha256').update(jws).digest('base64url'),
    pur: request.purpose,
    case: request.caseId,
  };
}

function requireEntry(entry: AccessEntry, expected: Partial<AccessEntry>, now: number): void {
  for (const member of Object.keys(expected) as (keyof AccessEntry)[]) {
    if (entry[member] !== expected[member]) throw mismatch();
  }
  if (!isUuid(entry.rec) || Math.abs(now - entry.t) > ENTRY_FRESH_MS) throw mismatch();
}

/** Attacker-controlled bytes: the proxy may log whatever it likes. */
function readEntry(bytes: Buffer): AccessEntry {
  try {
    return decodeEntry(bytes);
  } catch {
    throw mismatch();
  }
}

function mismatch(): Refusal {
  return new Refusal('not-permitted', 'The log entries do not say what the request says.');
}

/** The code of a refusal; anything else is a fault and goes on. */
export function refusalCode(error: unknown): ProblemCode {
  if (error instanceof Refusal) return error.code;
  throw error;
}
