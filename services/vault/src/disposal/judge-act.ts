import type { Clock, Scope } from '@mnv/core';
import { Refusal } from '@mnv/core';
import { readSignedRequest, requireBatchRequest } from '@mnv/protocol';
import type { SignedRequest } from '@mnv/protocol';
import type { AccessToken, ReadCertificate } from '@mnv/service-kit';
import type { RequireRight } from '../person.ts';

/** What the disposal service passes on of a person's act: nothing of it is believed. */
export type ActEvidence = { token: string; certificate: string; request: string };

/** A person with the right, and what the certificate's key of his client signed. */
export type JudgedAct = { token: AccessToken; request: SignedRequest };

const PURPOSE = 'DISPOSAL';
const FRESH_SIGN_IN_MS = 15 * 60 * 1000;
const CLOCK_TOLERANCE_MS = 5_000;

export type JudgeAct = (
  evidence: ActEvidence,
  right: { scope: Scope; tenantId: string },
) => Promise<JudgedAct>;

/**
 * Verifies the person anew and reads what was signed; which batch it must be about is for `requireAct`.
 * @throws Refusal
 */
export function makeJudgeAct(deps: {
  requireRight: RequireRight;
  readCertificate: ReadCertificate;
  clock: Clock;
}): JudgeAct {
  return async ({ request: jws, ...evidence }, right) => {
    const token = await deps.requireRight(evidence, right);
    const der = Buffer.from(evidence.certificate, 'base64');
    const { publicKey } = deps.readCertificate(der, deps.clock());
    return { token, request: await readSignedRequest(jws, publicKey) };
  };
}

/**
 * Requires that what was signed is this act about exactly this batch, and fresh.
 * @throws Refusal `batch-mismatch`, `request-signature-invalid`
 */
export function requireAct(
  { request, token }: JudgedAct,
  expected: { operation: string; batchHash: string; count: number; caseId: string; now: number },
): void {
  const { batchHash, count, caseId } = expected;
  const isBatch = request.recordsDigest === batchHash && request.count === count;
  if (!isBatch || request.caseId !== caseId)
    throw new Refusal('batch-mismatch', 'The request was signed for another batch or case.');
  requireBatchRequest(request, { ...expected, tenant: token.tenant });
  if (request.purpose !== PURPOSE)
    throw new Refusal('purpose-not-permitted', 'Sign the purpose DISPOSAL.');
}

/**
 * An approval is given by somebody who has just shown who he is.
 * @throws Refusal `sign-in-stale`
 */
export function requireFreshSignIn({ authTime }: AccessToken, now: number): void {
  const age = authTime === undefined ? Infinity : now - authTime;
  if (age <= FRESH_SIGN_IN_MS && age >= -CLOCK_TOLERANCE_MS) return;
  throw new Refusal('sign-in-stale', 'Sign in anew: an approval needs a sign-in of 15 minutes.');
}
