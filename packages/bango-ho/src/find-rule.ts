import { LawError } from './law-error.ts';
import type { Law } from './law.ts';
import type { LegalDay } from './legal-day.ts';
import { isLegalDay } from './legal-day.ts';
import type { Provenance } from './provenance.ts';
import type { RetentionClock, RetentionRule } from './retention-rule.ts';

/** A rule, and the clock that starts it. */
export type RuleInForce = { readonly rule: RetentionRule; readonly clock: RetentionClock };

/**
 * The version of a rule in force on a day. LawError `rule-unknown`, `day-invalid`, or `not-in-force`
 * where the table says nothing about that day.
 */
export function findRule(law: Law, code: string, on: LegalDay): RuleInForce {
  const versions = law.retentionRules.filter((row) => row.code === code);
  if (versions.length === 0)
    throw new LawError('rule-unknown', ['no retention rule has this code']);
  if (!isLegalDay(on)) throw new LawError('day-invalid', ['the event is not a day YYYY-MM-DD']);
  const rule = versions.find((row) => isInForce(row, on));
  const clock = law.clocks.find((row) => row.code === rule?.clock && isInForce(row, on));
  if (rule === undefined || clock === undefined) {
    throw new LawError('not-in-force', [`${code} has no version in force on ${on}`]);
  }
  return { rule, clock };
}

/** Whether a row is in force on a day. */
export function isInForce({ effectiveFrom, effectiveTo }: Provenance, on: LegalDay): boolean {
  return effectiveFrom <= on && (effectiveTo === null || on <= effectiveTo);
}
