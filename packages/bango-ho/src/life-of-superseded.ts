import type { BookUse } from './book-claims.ts';
import { bookClaims, decisionsOf } from './book-claims.ts';
import type { Block, Claim, Ground, Life } from './combine-rules.ts';
import { combineRules } from './combine-rules.ts';
import type { Law } from './law.ts';
import type { LegalDay } from './legal-day.ts';
import { dayAfter, dayBefore } from './legal-day.ts';
import { claimsOn, keptDocuments } from './lives-of-documents.ts';
import type { RecordFact } from './record-event.ts';
import { relationOf } from './relation.ts';

/** Why another number holds, and since which legal day: 番号変更, or this one had been mistyped. */
export type Supersession = {
  readonly reason: 'changed' | 'corrected';
  readonly from: LegalDay;
};

/** Of a number that holds for a time only. */
type Held = { readonly numberFrom?: LegalDay | null; readonly superseded?: Supersession };

/**
 * How long a number is kept that is no more in use. No relation and no purpose needs it (番号法20条): one that was
 * changed stays for the forms that were filed with it, or that omitted it, before; one that was mistyped for
 * nothing. What is not known, or not sure, keeps as it does elsewhere.
 */
export function lifeOfSuperseded(
  history: BookUse & Held & { readonly superseded: Supersession },
  facts: readonly RecordFact[],
  law: Law,
): Life {
  const { reason, from } = history.superseded;
  const ground: Ground = { kind: 'superseded', name: reason, until: dayBefore(from) };
  const alone = lifeThrough(ground, dayBefore(from));
  if (reason === 'corrected') return alone;
  const claims = claimsOf(history, facts, law);
  const rules = claims.length > 0 ? combineRules(claims, law) : alone;
  const blockedBy = [...rules.blockedBy, ...decisionsOf(history, facts, law)];
  const grounds = rules === alone ? alone.grounds : [ground, ...rules.grounds];
  const trace = rules === alone ? alone.trace : [...alone.trace, ...rules.trace];
  return { ...rules, grounds, trace, ...endOf(rules, { from, blockedBy }) };
}

/** Never before the other number holds. What only may be kept, like a copy under a maximum, needs no number. */
function endOf(
  { keepThrough }: Life,
  { from, blockedBy }: { from: LegalDay; blockedBy: readonly Block[] },
): Pick<Life, 'keepThrough' | 'deletableFrom' | 'blockedBy'> {
  const last = keepThrough !== null && keepThrough >= from ? keepThrough : dayBefore(from);
  return {
    keepThrough: last,
    deletableFrom: blockedBy.length > 0 ? null : dayAfter(last),
    blockedBy,
  };
}

function lifeThrough(ground: Ground & { name: string }, keepThrough: LegalDay): Life {
  return {
    keepThrough,
    deletableFrom: dayAfter(keepThrough),
    deleteBy: null,
    blockedBy: [],
    grounds: [ground],
    trace: [`superseded (${ground.name}): another number holds since ${dayAfter(keepThrough)}`],
  };
}

function claimsOf(history: BookUse & Held, facts: readonly RecordFact[], law: Law): Claim[] {
  const own = factsWithNumber(history, facts);
  const employment = relationOf('E', facts);
  const isOmission = ({ kind }: RecordFact) => kind === 'number-omitted';
  // Omissions of a later number show that they are told: this one had none.
  const hadNone = facts.some(isOmission) && !own.some(isOmission);
  return [
    ...(hadNone ? [] : bookClaims(history, own, law)),
    ...keptDocuments(own).flatMap((fact) => claimsOn(fact, employment, law)),
  ];
}

/**
 * The facts of an individual without the forms of another number: those filed before this one held belong to the
 * one before, those filed since another holds to that one. Papers of a mistyped number stay with its successor.
 */
export function factsWithNumber(
  { numberFrom = null, superseded }: Held,
  facts: readonly RecordFact[],
): readonly RecordFact[] {
  if (numberFrom === null && superseded === undefined) return facts;
  return facts.filter(({ kind, on }) => {
    if (kind !== 'document-submitted' && kind !== 'number-omitted') return true;
    if (superseded?.reason === 'corrected') return false;
    const begun = numberFrom === null || on >= numberFrom;
    return begun && (superseded === undefined || on < superseded.from);
  });
}
