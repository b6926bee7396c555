import { Refusal } from '@mnv/core';
import type { Receipt, ReleasedRecord, ReleasedRequest } from '@mnv/protocol';
import { problemFactsOf } from '@mnv/service-kit';
import { rangeProofSync } from '@mnv/transparency-log';
import { draftEntry } from '../caller.ts';
import type { EntryDraft, LogIdentity } from '../log/log-head.ts';
import type { AdmitDependencies } from './admit-request.ts';
import { admitRequest } from './admit-request.ts';
import type { ReleaseRequest } from './build-ticket.ts';
import { base64All } from './build-ticket.ts';
import type { Disclosure, DisclosureRequest } from './disclosure.ts';
import { factsOf, knownCode } from './disclosure.ts';
import { outcomeOf, outcomeOfFailure } from './record-outcome.ts';
import type { Release } from './release-runs.ts';

/** `Released`: what the vault answers of one id. */
export type DisclosureDependencies<Released = ReleasedRecord> = AdmitDependencies & {
  logOf(tenantId: string): Promise<LogIdentity | undefined>;
  release: Release<Released>;
  reportLostOutcome(error: unknown): void;
};

export type DiscloseNumbers = (request: DisclosureRequest) => Promise<Disclosure>;

/** What the vault answered to a request whose entries are durable. */
export type Asked<Released> = { asked: ReleaseRequest; answer: ReleasedRequest<Released> };

/** Throws Refusal. */
export function makeDiscloseNumbers(deps: DisclosureDependencies): DiscloseNumbers {
  const ask = makeAskForRelease(deps);
  return async (request) => {
    const { asked, answer } = await ask(request);
    return disclosureFrom(asked, { answer, recordIds: request.recordIds });
  };
}

/**
 * The disclosure, in the order that is the product: verify, decide, write one durable entry per id, show the
 * vault the proof, answer. How it ended is one more entry, which nobody waits for.
 * @throws Refusal
 */
export function makeAskForRelease<Released extends object>(
  deps: DisclosureDependencies<Released>,
): (request: DisclosureRequest) => Promise<Asked<Released>> {
  return async (request) => {
    const { caller, jws, recordIds, lane } = request;
    const log = await deps.logOf(caller.token.tenant);
    if (!log) throw new Refusal('not-found', 'There is no such tenant.');
    const signed = await admitRequest({ request, log }, deps);
    const facts = factsOf(signed, jws);
    const intents = recordIds.map((rec) =>
      draftEntry(caller, { ...facts, k: 'intent', rec, dec: 'allow', cnt: 1 }),
    );
    const appended = await deps.append(log, intents, lane);
    const recordOutcome = (drafts: EntryDraft[]) =>
      void deps.append(log, drafts, 'bulk').catch(deps.reportLostOutcome);
    const { tokenText: token, certificate } = caller;
    const entries = appended.entries.map((entry) => entry.toString('base64'));
    const wanted = { rid: signed.rid, appended, entries, token, certificate, jws };
    const answer = await releaseIfAwaited(wanted, request, deps.release).catch((error: unknown) => {
      recordOutcome(outcomeOfFailure({ request, facts }, error));
      throw error;
    });
    recordOutcome(outcomeOf({ request, facts }, answer));
    return { asked: wanted, answer };
  };
}

async function releaseIfAwaited<Released>(
  wanted: ReleaseRequest,
  { waiting }: DisclosureRequest,
  release: Release<Released>,
): Promise<ReleasedRequest<Released>> {
  if (waiting.aborted) throw new Refusal('deadline-exceeded', 'Nobody waits for the answer.');
  return release(wanted);
}

function disclosureFrom(
  asked: ReleaseRequest,
  { answer, recordIds }: { answer: ReleasedRequest; recordIds: string[] },
): Disclosure {
  if ('problem' in answer)
    throw new Refusal(knownCode(answer.problem), 'The vault refused the request.');
  const records = recordIds.map((recordId, at) => {
    const record = answer.records[at] ?? { problem: 'vault-unavailable' };
    const place = { recordId, index: asked.appended.first + at };
    return 'problem' in record
      ? { ...place, problem: knownCode(record.problem), facts: problemFactsOf(record) }
      : { ...place, individualNumber: record.individualNumber };
  });
  return { rid: asked.rid, records, receipt: receiptOf(asked) };
}

/** Proves that the entries of a request are in the log. */
export function receiptOf({ appended: { first, batch }, entries }: ReleaseRequest): Receipt {
  const nodeAt = (level: number, index: number) => batch.nodes.at(level, index);
  return {
    first,
    n: entries.length,
    entries,
    proof: base64All(rangeProofSync(first, entries.length, { size: batch.size, nodeAt })),
    checkpoint: batch.checkpoint,
  };
}
