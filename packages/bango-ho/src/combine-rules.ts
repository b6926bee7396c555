import { LAW } from './current-law.ts';
import type { Explanation } from './explain-rule.ts';
import { explain } from './explain-rule.ts';
import { findRule } from './find-rule.ts';
import type { Law } from './law.ts';
import { LawError } from './law-error.ts';
import type { LegalDay } from './legal-day.ts';
import { dayAfter } from './legal-day.ts';
import type { Confidence } from './provenance.ts';

/** One rule that governs a thing; `event` is null while its clock has not started. */
export type Claim = { readonly rule: string; readonly event: LegalDay | null };

/** Why nothing may be deleted without a person, however old the thing is. */
export type Block = {
  /** The rule that blocks, or null for a reason outside the rules. */
  readonly rule: string | null;
  readonly reason:
    | 'no-rule'
    | 'clock-not-started'
    | 'clock-not-established'
    | 'needs-check'
    | 'maximum-only'
    | 'relation-alive'
    | 'purpose-alive'
    | 'book-undecided'
    | 'contract-ended';
};

/**
 * One thing that keeps, or kept: a rule with the day that started it, or the relation or a purpose for which
 * the number is held. `until` is its last day (of a maximum, the last day allowed); null while it is open.
 */
export type Ground =
  | {
      readonly kind: 'rule';
      readonly rule: string;
      readonly event: LegalDay | null;
      readonly until: LegalDay | null;
      readonly citation: string | null;
      readonly confidence: Confidence | null;
    }
  | {
      readonly kind: 'relation' | 'purpose' | 'superseded';
      readonly name: string;
      readonly until: LegalDay | null;
    };

/** What all the rules together say of one thing. */
export type Life = {
  /** The latest day any duty, sure or unsure, asks for; null where none has an end yet. */
  readonly keepThrough: LegalDay | null;
  /** First day of permitted deletion; null while anything blocks. */
  readonly deletableFrom: LegalDay | null;
  /** The latest of the maxima, never before a duty has ended; null where there is none. */
  readonly deleteBy: LegalDay | null;
  readonly blockedBy: readonly Block[];
  readonly grounds: readonly Ground[];
  readonly trace: readonly string[];
};

/**
 * Joins overlapping rules. The longest duty wins. A rule that is unsure, has no clock or is only a
 * maximum can lengthen the life and can never end it: while one is present a person decides.
 * Adding a rule to others never shortens anything.
 */
export function combineRules(claims: readonly Claim[], law: Law = LAW): Life {
  const answers = claims.map((claim) => answerOf(claim, law));
  const keepThrough = latest(answers.map(({ explained }) => explained?.keepThrough ?? null));
  const blockedBy =
    claims.length === 0
      ? [{ rule: null, reason: 'no-rule' } as const]
      : answers.flatMap(({ block }) => (block === undefined ? [] : [block]));
  return {
    keepThrough,
    deletableFrom: keepThrough === null || blockedBy.length > 0 ? null : dayAfter(keepThrough),
    deleteBy: latestAllowed(answers, keepThrough),
    blockedBy,
    grounds: answers.map(groundOf),
    trace: answers.flatMap(({ claim, explained }) =>
      explained === undefined ? [`${claim.rule}: the clock has not started`] : explained.trace,
    ),
  };
}

type Answer = { claim: Claim; explained: Explanation | undefined; block: Block | undefined };

function answerOf(claim: Claim, law: Law): Answer {
  const { rule, event } = claim;
  if (event === null) {
    if (!law.retentionRules.some((row) => row.code === rule)) {
      throw new LawError('rule-unknown', ['no retention rule has this code']);
    }
    return { claim, explained: undefined, block: { rule, reason: 'clock-not-started' } };
  }
  const explained = explain({ rule, event }, law);
  return { claim, explained, block: blockOf(explained, law) };
}

function groundOf({ claim, explained }: Answer): Ground {
  return {
    kind: 'rule',
    ...claim,
    until: explained?.keepThrough ?? explained?.deleteBy ?? null,
    citation: explained?.citation ?? null,
    confidence: explained?.confidence ?? null,
  };
}

/** By the explanation, which is the same object for the same question. */
const blocks = new WeakMap<Explanation, { block: Block | undefined }>();

function blockOf(explained: Explanation, law: Law): Block | undefined {
  const known = blocks.get(explained) ?? { block: workOutBlock(explained, law) };
  blocks.set(explained, known);
  return known.block;
}

function workOutBlock({ rule, event, confidence }: Explanation, law: Law): Block | undefined {
  const found = findRule(law, rule, event);
  if (found.clock.start.kind === 'unknown') return { rule, reason: 'clock-not-established' };
  if (confidence === 'needs-check') return { rule, reason: 'needs-check' };
  return found.rule.nature === 'maximum' ? { rule, reason: 'maximum-only' } : undefined;
}

function latestAllowed(answers: readonly Answer[], keepThrough: LegalDay | null): LegalDay | null {
  const allowed = latest(answers.map(({ explained }) => explained?.deleteBy ?? null));
  return allowed === null ? null : latest([allowed, keepThrough]);
}

function latest(days: readonly (LegalDay | null)[]): LegalDay | null {
  return days.reduce(
    (best, day) => (best === null || (day !== null && day > best) ? day : best),
    null,
  );
}
