import type { RuleInForce } from './find-rule.ts';
import type { LegalDay } from './legal-day.ts';
import { dayAfter, dayBefore } from './legal-day.ts';
import { firstCountedDay } from './period.ts';
import type { Period, RetentionClock, RetentionRule } from './retention-rule.ts';

/** The steps from the event to the last day, one sentence each, for a person who checks them. */
export function traceOf(
  found: RuleInForce,
  event: LegalDay,
  last: LegalDay | null,
): readonly string[] {
  return [...openingOf(found, event), ...countOf(found, event, last), ...doubtOf(found.rule)];
}

function openingOf({ rule, clock }: RuleInForce, event: LegalDay): string[] {
  const nature = rule.nature === 'duty' ? 'must be kept' : 'may be kept at most';
  return [
    `${rule.code}: ${nature} ${lengthOf(rule.period)} (${rule.citation}; version of ${rule.effectiveFrom})`,
    `clock: ${clock.eventJa} (${clock.eventEn}): ${event}`,
  ];
}

function countOf({ rule, clock }: RuleInForce, event: LegalDay, last: LegalDay | null): string[] {
  const first = firstCountedDay(clock.start, event);
  if (first === undefined || last === null) {
    return ['what starts this clock is not established: no day can be worked out'];
  }
  return [
    ...fixedDayOf(clock, first),
    `first day counted: ${first} (Civil Code 140: the first day is not counted)`,
    `last day: ${last} (Civil Code ${rule.period.unit === 'years' ? '141, 143' : '141'})`,
    rule.nature === 'duty'
      ? `keep through ${last}; this rule ends on ${dayAfter(last)}`
      : `no duty to keep; delete by ${last}`,
  ];
}

function fixedDayOf({ start, citation }: RetentionClock, first: LegalDay): string[] {
  return start.kind === 'fixed-day'
    ? [`the clock stands at ${dayBefore(first)} (${citation})`]
    : [];
}

function doubtOf({ confidence, doubt }: RetentionRule): string[] {
  const notes = doubt === undefined ? [] : [`note: ${doubt}`];
  return confidence === 'needs-check'
    ? [...notes, 'needs-check: this rule can lengthen a life and never ends one']
    : notes;
}

function lengthOf({ unit, count }: Period): string {
  return `${count} ${unit}`;
}
