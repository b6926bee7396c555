import { LAW } from './current-law.ts';
import type { RuleInForce } from './find-rule.ts';
import { findRule } from './find-rule.ts';
import type { Law } from './law.ts';
import { LawError } from './law-error.ts';
import type { LegalDay } from './legal-day.ts';
import { dayAfter } from './legal-day.ts';
import { firstCountedDay, lastDayOf } from './period.ts';
import type { Confidence } from './provenance.ts';
import { traceOf } from './trace.ts';

export type RuleQuestion = {
  readonly rule: string;
  /** The day that starts the rule's clock: 提出期限, 完結の日, filing or verification. */
  readonly event: LegalDay;
};

/** What one rule, taken alone, says of one event. */
export type Explanation = {
  readonly rule: string;
  readonly event: LegalDay;
  /** Last day the document must be kept; null for a maximum and for a clock not established. */
  readonly keepThrough: LegalDay | null;
  /** The day after `keepThrough`. Whether anything may be deleted is for {@link combineRules}. */
  readonly deletableFrom: LegalDay | null;
  /** Last day the document may be kept, where the rule is a maximum. */
  readonly deleteBy: LegalDay | null;
  readonly trace: readonly string[];
  readonly citation: string;
  readonly confidence: Confidence;
};

/** Rules of one law are asked about the same few days over and over: a million records share some thousand. */
const MAX_REMEMBERED = 20_000;
const remembered = new WeakMap<Law, Map<string, Explanation>>();

/**
 * Works out a rule from the day that starts its clock, by Civil Code 140 to 143, and says how.
 * LawError for an unknown rule, a day that does not exist or one the table does not cover.
 */
export function explain(question: RuleQuestion, law: Law = LAW): Explanation {
  const known = remembered.get(law) ?? new Map<string, Explanation>();
  const key = `${question.rule} ${question.event}`;
  const answer = known.get(key) ?? workOut(question, law);
  if (known.size >= MAX_REMEMBERED) known.clear();
  remembered.set(law, known.set(key, answer));
  return answer;
}

function workOut({ rule: code, event }: RuleQuestion, law: Law): Explanation {
  const found = findRule(law, code, event);
  const last = lastDay(found, event);
  const isDuty = found.rule.nature === 'duty';
  const keepThrough = isDuty ? last : null;
  const { citation, confidence } = found.rule;
  return Object.freeze({
    rule: code,
    event,
    keepThrough,
    deletableFrom: keepThrough === null ? null : dayAfter(keepThrough),
    deleteBy: isDuty ? null : last,
    trace: traceOf(found, event, last),
    citation,
    confidence,
  });
}

function lastDay({ rule, clock }: RuleInForce, event: LegalDay): LegalDay | null {
  try {
    const first = firstCountedDay(clock.start, event);
    return first === undefined ? null : lastDayOf(rule.period, first);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new LawError('day-invalid', ['the period leaves the calendar']);
  }
}
