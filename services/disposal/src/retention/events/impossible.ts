import type { LegalDay } from '@mnv/bango-ho';
import { LAW } from '@mnv/bango-ho';
import type { Subject } from '@mnv/core';
import type { TrackedRecord } from '../tracked-record.ts';
import type { ToldFact } from './told-event.ts';

const EARLIEST = '1900-01-01';
/** How far ahead a day may lie that was agreed already: a hiring, a leaving. */
const AHEAD_YEARS = 2;
const APART_YEARS = 2;
/** No declaration could omit a number before there was any. */
const BOOK_BEGINS = LAW.retentionRules
  .filter(({ code }) => code === LAW.book.rule)
  .reduce((first, row) => (row.effectiveFrom < first ? row.effectiveFrom : first), '9999-12-31');
/** What is told only once it has happened. */
const PAST: ReadonlySet<ToldFact['kind']> = new Set([
  'died',
  'document-submitted',
  'document-destroyed',
  'number-omitted',
]);

const SUBJECTS_OF: Partial<Record<ToldFact['kind'], readonly Subject[]>> = {
  hired: ['E'],
  're-hired': ['E'],
  transferred: ['E'],
  left: ['E'],
  'dependant-began': ['D', 'S3'],
  'dependant-ended': ['D', 'S3'],
  'payee-contract-began': ['P'],
  'payee-contract-ended': ['P'],
  'number-omitted': ['E', 'D'],
};

/** Why a fact cannot be, whatever else is known; undefined where it can. It names what to mend. */
export function whyImpossible(
  fact: ToldFact,
  record: Pick<TrackedRecord, 'subject'> | undefined,
  today: LegalDay,
): string | undefined {
  const allowed = SUBJECTS_OF[fact.kind];
  if (record && allowed && !allowed.includes(record.subject))
    return `kind: ${fact.kind} is not an event of the subject ${record.subject}`;
  if (fact.on < EARLIEST) return `on: before ${EARLIEST}`;
  if (PAST.has(fact.kind) && fact.on > today) return 'on: has not come yet';
  if (fact.on > addYears(today, AHEAD_YEARS)) return `on: more than ${AHEAD_YEARS} years ahead`;
  return fact.kind === 'document-submitted' || fact.kind === 'number-omitted'
    ? whyDaysClash(fact, today)
    : undefined;
}

function whyDaysClash(
  fact: Extract<ToldFact, { kind: 'document-submitted' | 'number-omitted' }>,
  today: LegalDay,
): string | undefined {
  const { on, deadline } = fact;
  const apart =
    deadline !== undefined &&
    (deadline > addYears(on, APART_YEARS) || on > addYears(deadline, APART_YEARS));
  if (apart) return `deadline: more than ${APART_YEARS} years from on`;
  if (fact.kind === 'number-omitted' && fact.deadline < BOOK_BEGINS)
    return `deadline: before ${BOOK_BEGINS}, when numbers began`;
  const completedOn = 'completedOn' in fact ? fact.completedOn : undefined;
  if (completedOn === undefined) return undefined;
  if (completedOn < on) return 'completedOn: before on';
  return completedOn > today ? 'completedOn: has not come yet' : undefined;
}

/** Good enough for a bound: the day need not exist. */
function addYears(day: LegalDay, years: number): LegalDay {
  return `${String(Number(day.slice(0, 4)) + years).padStart(4, '0')}${day.slice(4)}`;
}
