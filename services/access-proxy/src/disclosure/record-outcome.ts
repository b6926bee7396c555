import { Refusal } from '@mnv/core';
import type { ReleasedRequest } from '@mnv/protocol';
import { ServiceCallError } from '@mnv/service-kit';
import { draftEntry } from '../caller.ts';
import type { EntryDraft } from '../log/log-head.ts';
import type { DisclosureRequest, RequestFacts } from './disclosure.ts';
import { knownCode, onlyRecordOf } from './disclosure.ts';

export type Ended = { request: DisclosureRequest; facts: RequestFacts };

/**
 * How a request ended that the vault answered: one entry for the request, and one more for each record it did
 * not release. When nobody waits any more the numbers have left the vault and may not have arrived: unknown.
 */
export function outcomeOf(
  { request, facts }: Ended,
  answer: ReleasedRequest<object>,
): EntryDraft[] {
  const { caller, recordIds, waiting } = request;
  const outcome = (rec: string, dec: string, cnt: number) =>
    draftEntry(caller, { ...facts, k: 'outcome', rec, dec, cnt });
  const whole = onlyRecordOf(request);
  if ('problem' in answer) return [outcome(whole, `deny:${knownCode(answer.problem)}`, 0)];
  const refused = recordIds.flatMap((rec, at) => {
    const problem = problemOf(answer.records[at]);
    return problem === undefined ? [] : [outcome(rec, `deny:${knownCode(problem)}`, 0)];
  });
  const released = recordIds.length - refused.length;
  if (released === 0) return refused;
  return [outcome(whole, waiting.aborted ? 'unknown' : 'delivered', released), ...refused];
}

/** How a request ended that the vault was to be asked for: unknown when it may have answered in vain. */
export function outcomeOfFailure({ request, facts }: Ended, error: unknown): EntryDraft[] {
  const dec = isCertain(error) ? 'failed' : 'unknown';
  const rec = onlyRecordOf(request);
  return [draftEntry(request.caller, { ...facts, k: 'outcome', rec, dec, cnt: 0 })];
}

/** A refusal was answered, or nothing was asked. A call whose answer was lost is neither. */
function isCertain(error: unknown): boolean {
  if (error instanceof ServiceCallError) return error.sent === 'never';
  return error instanceof Refusal;
}

function problemOf(record: { problem?: string } | undefined): string | undefined {
  return record === undefined ? 'vault-unavailable' : record.problem;
}
