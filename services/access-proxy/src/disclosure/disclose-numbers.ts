import { createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Clock, ProblemCode } from '@mnv/core';
import { Refusal, isProblemCode, legalDayOf } from '@mnv/core';
import type {
  AccessEntry,
  Receipt,
  ReleasedRecord,
  ReleasedRequest,
  SignedRequest,
} from '@mnv/protocol';
import { readSignedRequest, requireRequest } from '@mnv/protocol';
import { requirePerson, requireScope } from '@mnv/service-kit';
import { rangeProofSync } from '@mnv/transparency-log';
import type { Caller } from '../caller.ts';
import { draftEntry } from '../caller.ts';
import type { Appended, Lane } from '../log/append-entries.ts';
import type { EntryDraft, LogIdentity } from '../log/log-head.ts';
import type { Decision, PolicyRequest } from '../policy/decide.ts';
import { base64All } from './build-ticket.ts';
import type { ReleaseNumbers } from './release-runs.ts';

export type DisclosureRequest = {
  caller: Caller;
  publicKey: KeyObject;
  /** The tenant named in the path. */
  tenantId: string;
  jws: string;
  recordIds: string[];
  lane: Lane;
};

/** One record: its number, or why not. */
export type DisclosedRecord = { recordId: string; index: number } & (
  | { individualNumber: string }
  | { problem: ProblemCode }
);
export type Disclosure = { rid: string; records: DisclosedRecord[]; receipt: Receipt };

export type DisclosureDependencies = {
  logOf(tenantId: string): Promise<LogIdentity | undefined>;
  append(log: LogIdentity, drafts: EntryDraft[], lane: Lane): Promise<Appended>;
  /** Throws Refusal when no external witness has seen the log for too long. */
  requireWitnessed(logId: string): void;
  decide(caller: Caller, request: PolicyRequest): Promise<Decision>;
  release: ReleaseNumbers;
  reportLostOutcome(error: unknown): void;
  clock: Clock;
};

export type DiscloseNumbers = (request: DisclosureRequest) => Promise<Disclosure>;

/**
 * The disclosure, in the order that is the product: verify, decide, write one durable entry per record, show
 * the vault the proof, answer. A refusal is an entry too, and is answered only once that entry is durable.
 */
export function makeDiscloseNumbers(deps: DisclosureDependencies): DiscloseNumbers {
  return async (request) => {
    const { caller, jws, recordIds, lane } = request;
    const log = await requireLog(caller, deps);
    const refusable = { rid: crypto.randomUUID(), facts: {} };
    const signed = await orDeny(
      () => admit({ request, log, refusable }, deps),
      { request, log, refusable },
      deps,
    );
    const facts = factsOf(signed, jws);
    const drafts = recordIds.map((rec) =>
      draftEntry(caller, { ...facts, k: 'intent', rec, dec: 'allow', cnt: 1 }),
    );
    const appended = await deps.append(log, drafts, lane);
    const answer = await releaseOrFail({ request, log, facts, appended }, deps);
    recordOutcome({ request, log, facts, answer }, deps);
    return disclosureFrom(signed, { appended, answer, recordIds });
  };
}

type EntryFacts = Pick<AccessEntry, 'rid' | 'op' | 'rqh' | 'pur' | 'case'>;
type Refusable = { rid: string; facts: Partial<EntryFacts> };

async function requireLog({ token }: Caller, deps: DisclosureDependencies): Promise<LogIdentity> {
  const log = await deps.logOf(token.tenant);
  if (!log) throw new Refusal('not-found', 'There is no such tenant.');
  return log;
}

/** Everything about the person and the request that can be refused before anything is asked of the vault. */
async function admit(
  { request, log, refusable }: Denial,
  deps: DisclosureDependencies,
): Promise<SignedRequest> {
  const { caller, publicKey, tenantId, jws, recordIds } = request;
  if (tenantId !== caller.token.tenant) throw new Refusal('not-found', 'There is no such tenant.');
  requireScope(caller.token, 'number:read');
  requirePerson(caller.token);
  const signed = readSignedRequest(jws, publicKey);
  refusable.facts = factsOf(signed, jws);
  const now = deps.clock();
  requireRequest(signed, { tenant: tenantId, operation: 'disclose', recordIds, now });
  const decision = await deps.decide(caller, {
    operation: 'disclose',
    purpose: signed.purpose,
    today: legalDayOf(now),
  });
  if (!decision.allow) throw new Refusal(decision.code, 'The registers do not allow this.');
  deps.requireWitnessed(log.logId);
  return signed;
}

type Denial = { request: DisclosureRequest; log: LogIdentity; refusable: Refusable };

/** Passes on what is allowed; a refusal becomes an entry before it becomes an answer. */
async function orDeny<T>(
  attempt: () => Promise<T>,
  { request, log, refusable }: Denial,
  deps: DisclosureDependencies,
): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { caller, recordIds, lane } = request;
    const rec = recordIds.length === 1 ? (recordIds[0] ?? '') : '';
    const facts = { rid: refusable.rid, op: 'disclose', ...refusable.facts };
    const denial = {
      ...facts,
      k: 'deny',
      rec,
      dec: `deny:${error.code}`,
      cnt: recordIds.length,
    } as const;
    await deps.append(log, [draftEntry(caller, denial)], lane);
    throw error;
  }
}

type Release = {
  request: DisclosureRequest;
  log: LogIdentity;
  facts: EntryFacts;
  appended: Appended;
};

/** Asks the vault. When no answer comes the numbers may have left it: the outcome says unknown. */
async function releaseOrFail(
  { request, log, facts, appended }: Release,
  deps: DisclosureDependencies,
): Promise<ReleasedRequest> {
  const { caller, jws, lane } = request;
  const { tokenText: token, certificate } = caller;
  try {
    return await deps.release({ appended, token, certificate, jws });
  } catch (error) {
    const dec = error instanceof Refusal && error.code === 'log-forked' ? 'failed' : 'unknown';
    const outcome = draftEntry(caller, { ...facts, k: 'outcome', dec, cnt: 0 });
    deps.append(log, [outcome], lane).catch(deps.reportLostOutcome);
    throw error;
  }
}

type Answered = {
  request: DisclosureRequest;
  log: LogIdentity;
  facts: EntryFacts;
  answer: ReleasedRequest;
};

/** One outcome for the request, and one more for each record that was refused. Nobody waits for them. */
function recordOutcome(
  { request, log, facts, answer }: Answered,
  deps: DisclosureDependencies,
): void {
  const { caller, recordIds } = request;
  const records: ReleasedRecord[] =
    'problem' in answer ? recordIds.map(() => ({ problem: answer.problem })) : answer.records;
  const refused = records.flatMap((record, at) =>
    'problem' in record
      ? [
          draftEntry(caller, {
            ...facts,
            k: 'outcome',
            rec: recordIds[at] ?? '',
            dec: `deny:${knownCode(record.problem)}`,
            cnt: 0,
          }),
        ]
      : [],
  );
  const delivered = records.length - refused.length;
  const rec = recordIds.length === 1 ? (recordIds[0] ?? '') : '';
  const outcome = draftEntry(caller, {
    ...facts,
    k: 'outcome',
    rec,
    dec: 'delivered',
    cnt: delivered,
  });
  const drafts = delivered > 0 ? [outcome, ...refused] : refused;
  deps.append(log, drafts, 'bulk').catch(deps.reportLostOutcome);
}

function disclosureFrom(
  signed: SignedRequest,
  {
    appended,
    answer,
    recordIds,
  }: { appended: Appended; answer: ReleasedRequest; recordIds: string[] },
): Disclosure {
  if ('problem' in answer)
    throw new Refusal(knownCode(answer.problem), 'The vault refused the request.');
  const records = recordIds.map((recordId, at) => {
    const record = answer.records[at] ?? { problem: 'vault-unavailable' };
    const place = { recordId, index: appended.first + at };
    return 'problem' in record
      ? { ...place, problem: knownCode(record.problem) }
      : { ...place, individualNumber: record.individualNumber };
  });
  return { rid: signed.rid, records, receipt: receiptOf(appended) };
}

function receiptOf({ first, entries, batch }: Appended): Receipt {
  const nodeAt = (level: number, index: number) => batch.nodes.at(level, index);
  return {
    first,
    n: entries.length,
    entries: entries.map((entry) => entry.toString('base64')),
    proof: base64All(rangeProofSync(first, entries.length, { size: batch.size, nodeAt })),
    checkpoint: batch.checkpoint,
  };
}

function factsOf(signed: SignedRequest, jws: string): EntryFacts {
  return {
    rid: signed.rid,
    op: signed.operation,
    pur: signed.purpose,
    case: signed.caseId,
    rqh: createHash('sha256').update(jws).digest('base64url'),
  };
}

/** A code this version knows; another one means that the vault did not answer in our terms. */
function knownCode(problem: string): ProblemCode {
  return isProblemCode(problem) ? problem : 'vault-unavailable';
}
