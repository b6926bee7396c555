import { createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Clock } from '@mnv/core';
import { Refusal } from '@mnv/core';
import { REQUEST_FRESH_SECONDS, readSignedRequest, ruleOf } from '@mnv/protocol';
import type { ServiceAct, ServiceOperation, SignedRequest } from '@mnv/protocol';
import type { AccessToken, Caller, ReadCertificate, VerifyAccessToken } from '@mnv/service-kit';
import { requirePerson } from '@mnv/service-kit';
import { draftEntry } from '../caller.ts';
import type { EntryDraft } from '../log/log-head.ts';

export type JudgeActDependencies = {
  verifyAccessToken: VerifyAccessToken;
  readCertificate: ReadCertificate;
  clock: Clock;
};

/** A refusal is written down although the token expired before it: no service waits longer for what it asked. */
const REFUSED_LATE_MS = 60_000;

/** The entry of an act that a service asks to have recorded, and who acts. */
export type JudgedAct = { draft: EntryDraft; caller: Caller };

/**
 * Judges one act. Person, client and request come from the evidence, verified here, so that no service can write
 * in the name of somebody who did not ask it. What a person asked is proved by their signature alone: of an
 * operation that is not signed, the service says so, within the rights of the token and while it lives; what came
 * of it may be said a little later.
 * @throws Refusal
 */
export async function judgeAct(
  act: ServiceAct,
  tenantId: string,
  deps: JudgeActDependencies,
): Promise<JudgedAct> {
  const certificate = Buffer.from(act.certificate, 'base64');
  const { x5t, publicKey } = deps.readCertificate(certificate, deps.clock());
  const allowed = act.dec === 'allow';
  const lateMs = allowed ? 0 : REFUSED_LATE_MS;
  const token = await deps.verifyAccessToken(act.token, x5t, { lateMs });
  if (token.tenant !== tenantId) throw new Refusal('not-found', 'There is no such tenant.');
  if (allowed) requireRight(token, act.op);
  await requireSignature(act, { tenantId, publicKey, now: deps.clock() });
  const caller: Caller = { token, tokenText: act.token, certificate, x5t };
  return { caller, draft: draftEntry(caller, { k: allowed ? 'act' : 'deny', ...factsOf(act) }) };
}

function factsOf({ rid, op, dec, cnt, rec, pur, case: caseId, request }: ServiceAct) {
  return {
    rid,
    op,
    dec,
    cnt,
    rec: rec ?? '',
    pur: pur ?? '',
    case: caseId ?? '',
    rqh: request === undefined ? '' : createHash('sha256').update(request).digest('base64url'),
  };
}

function requireRight(token: AccessToken, operation: ServiceOperation): void {
  requirePerson(token);
  if (!ruleOf(operation).scopes.some((scope) => token.scopes.has(scope)))
    throw new Refusal('scope-missing', 'The access token lacks the scope of this operation.');
}

/**
 * A signed operation is allowed by its request alone, while that is fresh. A refusal may come before there is a
 * sound one, or when it is not fresh any more: the vault may have thought about it for long.
 */
async function requireSignature(
  act: ServiceAct,
  { tenantId, publicKey, now }: { tenantId: string; publicKey: KeyObject; now: number },
): Promise<void> {
  const { signed } = ruleOf(act.op);
  if (act.request === undefined) {
    if (signed && act.dec === 'allow') throw mismatch();
    return;
  }
  const request = await readSignedRequest(act.request, publicKey);
  const fresh = Math.abs(now / 1000 - request.iat) <= REQUEST_FRESH_SECONDS;
  const late = act.dec === 'allow' && !fresh;
  if (!signed || late || !isOf(act, tenantId, request)) throw mismatch();
}

function isOf(act: ServiceAct, tenantId: string, request: SignedRequest): boolean {
  return (
    request.operation === act.op &&
    request.tenant === tenantId &&
    request.rid === act.rid &&
    request.purpose === act.pur &&
    request.caseId === act.case &&
    request.count === act.cnt
  );
}

function mismatch(): Refusal {
  return new Refusal(
    'request-signature-invalid',
    'The signed request is not of this act, or not fresh.',
  );
}
