import type { Block, Ground, Life } from './combine-rules.ts';
import { combineRules } from './combine-rules.ts';
import { bookClaims, decisionsOf } from './book-claims.ts';
import { LAW } from './current-law.ts';
import { LawError } from './law-error.ts';
import type { Law } from './law.ts';
import type { LegalDay } from './legal-day.ts';
import { dayAfter, isLegalDay } from './legal-day.ts';
import type { Supersession } from './life-of-superseded.ts';
import { factsWithNumber, lifeOfSuperseded } from './life-of-superseded.ts';
import type { DocumentLife } from './lives-of-documents.ts';
import { livesOfDocuments } from './lives-of-documents.ts';
import type { PurposeSubject } from './purpose.ts';
import type { RecordEvent, RecordFact } from './record-event.ts';
import type { Standing } from './relation.ts';
import { purposeStanding, relationOf } from './relation.ts';
import { settleEvents } from './settle-events.ts';

/** A stored number, and all that was told about it, in any order and any number of times. */
export type RecordHistory = {
  readonly subject: PurposeSubject;
  /** The purposes it was stored for. */
  readonly purposes: readonly string[];
  /** Whether the tenant omits numbers from declarations because the vault is its book (帳簿). */
  readonly usesBook: 'yes' | 'no' | 'undecided';
  readonly events: readonly RecordEvent[];
  /** Legal day since which the number holds, where another one held before; null or absent: since ever. */
  readonly numberFrom?: LegalDay | null;
  /** Another number holds now. The events stay those of the individual. */
  readonly superseded?: Supersession;
};

/** Two clocks: the number itself, and each document that bears it. */
export type RecordLife = {
  readonly number: Life;
  readonly documents: readonly DocumentLife[];
};

/**
 * How long a number and its documents live, as known on a day. The number is kept while a relation or a
 * purpose goes on (番号法20条), and after that as long as the book needs it. Whatever is not known keeps.
 */
export function lifeOfRecord(history: RecordHistory, asOf: LegalDay, law: Law = LAW): RecordLife {
  if (!isLegalDay(asOf)) throw new LawError('day-invalid', ['the day asked about does not exist']);
  const facts = settleEvents(history.events, asOf);
  return {
    number:
      history.superseded === undefined
        ? lifeOfNumber(history, facts, law)
        : lifeOfSuperseded({ ...history, superseded: history.superseded }, facts, law),
    documents: livesOfDocuments(factsWithNumber(history, facts), relationOf('E', facts), law),
  };
}

function lifeOfNumber(history: RecordHistory, facts: readonly RecordFact[], law: Law): Life {
  const uses = usesOf(history, facts, law);
  const claims = bookClaims(history, facts, law);
  const rules = claims.length > 0 ? combineRules(claims, law) : NO_CLAIM;
  const ended = uses.map(({ standing }) => (standing.state === 'ended' ? standing.on : ''));
  const keepThrough = [...ended, rules.keepThrough ?? ''].toSorted().at(-1) || null;
  const reasons = [
    ...rules.blockedBy,
    ...uses.flatMap(({ standing, alive }) => (standing.state === 'alive' ? [alive] : [])),
    ...decisionsOf(history, facts, law),
  ];
  const open = reasons.length > 0 || keepThrough === null;
  return {
    keepThrough,
    deletableFrom: open ? null : dayAfter(keepThrough),
    deleteBy: null,
    blockedBy: open && reasons.length === 0 ? [{ rule: null, reason: 'no-rule' }] : reasons,
    grounds: [...uses.map(({ ground }) => ground), ...rules.grounds],
    trace: [...uses.map(({ ground }) => sentenceOf(ground)), ...rules.trace],
  };
}

type Use = { readonly ground: Ground; readonly standing: Standing; readonly alive: Block };

/** The relation and every purpose but that of the book, whose end is the clock of its rule. */
function usesOf(
  { subject, purposes }: RecordHistory,
  facts: readonly RecordFact[],
  law: Law,
): Use[] {
  const later = facts.flatMap((fact) => (fact.kind === 'purpose-began' ? [fact.purpose] : []));
  const codes = [...new Set([...purposes, ...later])].toSorted();
  if (!codes.every((code) => law.purposes.some((row) => row.code === code))) {
    throw new LawError('purpose-unknown', ['a purpose is not on the list']);
  }
  const relation = relationOf(subject, facts);
  const ofPurposes = codes
    .filter((code) => code !== law.book.purpose)
    .map((code) => useOf('purpose', code, purposeStanding(code, facts)));
  return relation === undefined
    ? ofPurposes
    : [useOf('relation', subject, relation), ...ofPurposes];
}

function useOf(kind: 'relation' | 'purpose', name: string, standing: Standing): Use {
  const until = standing.state === 'ended' ? standing.on : null;
  const alive: Block = { rule: null, reason: `${kind}-alive` };
  return { ground: { kind, name, until }, standing, alive };
}

const NO_CLAIM: Pick<Life, 'keepThrough' | 'blockedBy' | 'grounds' | 'trace'> = {
  keepThrough: null,
  blockedBy: [],
  grounds: [],
  trace: [],
};

function sentenceOf(ground: Ground): string {
  const name = ground.kind === 'rule' ? ground.rule : ground.name;
  return ground.until === null
    ? `${ground.kind} ${name} goes on`
    : `${ground.kind} ${name} ended on ${ground.until}`;
}
