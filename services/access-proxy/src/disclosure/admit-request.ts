import { randomUUID } from 'node:crypto';
import type { Clock } from '@mnv/core';
import { Refusal, legalDayOf } from '@mnv/core';
import type { SignedRequest } from '@mnv/protocol';
import { findDisclosureOperation, readSignedRequest, requireRequest } from '@mnv/protocol';
import { requirePerson, requireScope } from '@mnv/service-kit';
import type { Caller } from '@mnv/service-kit';
import { draftEntry } from '../caller.ts';
import type { Appended, Lane } from '../log/append-entries.ts';
import type { EntryDraft, LogIdentity } from '../log/log-head.ts';
import type { Decision, PolicyRequest } from '../policy/decide.ts';
import type { DisclosureRequest, RequestFacts } from './disclosure.ts';
import { factsOf, onlyRecordOf } from './disclosure.ts';

export type AdmitDependencies = {
  append(log: LogIdentity, drafts: EntryDraft[], lane: Lane): Promise<Appended>;
  decide(caller: Caller, request: PolicyRequest): Promise<Decision>;
  /** Throws Refusal when no external witness has seen the log for too long. */
  requireWitnessed(logId: string): void;
  clock: Clock;
};

type Asked = { request: DisclosureRequest; log: LogIdentity };

/**
 * Judges everything about the person and the request that can be refused before the vault is asked. A refusal
 * becomes a durable entry before it becomes an answer.
 * @throws Refusal
 */
export async function admitRequest(asked: Asked, deps: AdmitDependencies): Promise<SignedRequest> {
  // What is known of the request when it is refused: nothing before its signature was verified.
  const [op] = asked.request.operations;
  const known = { facts: { rid: randomUUID(), op } };
  try {
    return await judge(asked, known, deps);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { request, log } = asked;
    const { caller, recordIds, lane } = request;
    const dec = `deny:${error.code}`;
    const rec = onlyRecordOf(request);
    const denial = { ...known.facts, k: 'deny', rec, dec, cnt: recordIds.length } as const;
    await deps.append(log, [draftEntry(caller, denial)], lane);
    throw error;
  }
}

async function judge(
  { request, log }: Asked,
  known: { facts: Pick<RequestFacts, 'rid' | 'op'> },
  deps: AdmitDependencies,
): Promise<SignedRequest> {
  const { caller, publicKey, tenantId, jws, recordIds, operations } = request;
  if (tenantId !== caller.token.tenant) throw new Refusal('not-found', 'There is no such tenant.');
  requireScope(caller.token, 'number:read');
  requirePerson(caller.token);
  const signed = await readSignedRequest(jws, publicKey);
  known.facts = factsOf(signed, jws);
  const now = deps.clock();
  requireUnexpired(caller, now);
  const { purpose } = signed;
  const operation = findDisclosureOperation(signed.operation, operations);
  if (!operation)
    throw new Refusal('request-signature-invalid', 'The request is for another operation.');
  requireRequest(signed, { tenant: tenantId, operation, recordIds, now });
  const today = legalDayOf(now);
  const decision = await deps.decide(caller, { operation: 'disclose', purpose, today });
  if (!decision.allow) throw new Refusal(decision.code, 'The registers do not allow this.');
  deps.requireWitnessed(log.logId);
  return signed;
}

/** A stream outlives the token it began with; the vault would refuse it too, after an intent. */
function requireUnexpired({ token }: Caller, now: number): void {
  if (now >= token.expiresAt)
    throw new Refusal('token-invalid', 'The access token expired while the stream was open.');
}
