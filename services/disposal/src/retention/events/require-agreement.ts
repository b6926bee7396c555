import type { DestructionEvent, RecordEvent, RecordFact } from '@mnv/bango-ho';
import { settleEvents } from '@mnv/bango-ho';
import { Refusal } from '@mnv/core';
import { ALL_KNOWN } from '../all-known.ts';
import type { TrackedRecord } from '../tracked-record.ts';
import { findContradiction } from './contradictions.ts';

/**
 * Requires that an event agrees with all that was told of its record, corrections applied.
 * Throws Refusal `event-contradicts`, which says what to mend.
 */
export function requireAgreement(
  { purposes }: Pick<TrackedRecord, 'purposes'>,
  event: RecordEvent,
  before: readonly RecordEvent[],
): void {
  const facts = settleEvents([...before, event], ALL_KNOWN);
  const clash = findContradiction(facts);
  if (clash) throw new Refusal('event-contradicts', clash.mend);
  const fact = 'instead' in event ? event.instead : event;
  if (fact?.kind === 'document-destroyed' && !facts.some((one) => isSubmission(one, fact)))
    throw new Refusal('event-contradicts', 'reference: no such document was submitted.');
  const begun = facts.flatMap((fact) => (fact.kind === 'purpose-began' ? [fact.purpose] : []));
  const ended = facts.flatMap((fact) => (fact.kind === 'purpose-ended' ? [fact.purpose] : []));
  if (ended.some((code) => !purposes.includes(code) && !begun.includes(code)))
    throw new Refusal('event-contradicts', 'purpose: the record is not held for it.');
}

function isSubmission(one: RecordFact, { document, reference }: DestructionEvent): boolean {
  return (
    one.kind === 'document-submitted' && one.document === document && one.reference === reference
  );
}
