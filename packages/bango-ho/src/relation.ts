import type { LegalDay } from './legal-day.ts';
import type { PurposeSubject } from './purpose.ts';
import type { RecordFact, RelationKind } from './record-event.ts';

/** Whether something still goes on, and if not, its last day. */
export type Standing =
  | { readonly state: 'alive' }
  | { readonly state: 'ended'; readonly on: LegalDay };

const EMPLOYED = ['hired', 're-hired'] as const;
const UNEMPLOYED = ['left', 'died'] as const;

type Ends = { readonly begins: readonly RelationKind[]; readonly ends: readonly RelationKind[] };

const DEPENDENT: Ends = {
  begins: [...EMPLOYED, 'dependant-began'],
  ends: [...UNEMPLOYED, 'dependant-ended'],
};

/** What begins and ends the relation to each subject. A transfer inside the company ends nothing. */
const RELATIONS: Readonly<Record<PurposeSubject, Ends>> = {
  E: { begins: EMPLOYED, ends: UNEMPLOYED },
  D: DEPENDENT,
  S3: DEPENDENT,
  P: { begins: ['payee-contract-began'], ends: ['payee-contract-ended', 'died'] },
  // A shareholding has no event of its own: its purposes say when it ends, and death does not.
  H: { begins: [], ends: [] },
};

/** Whether the relation to the subject goes on; undefined where it has no events of its own. */
export function relationOf(
  subject: PurposeSubject,
  facts: readonly RecordFact[],
): Standing | undefined {
  const { begins, ends } = RELATIONS[subject];
  if (ends.length === 0) return undefined;
  const daysOf = (kinds: readonly string[]) =>
    facts.filter((fact) => kinds.includes(fact.kind)).map(({ on }) => on);
  return standingOf(daysOf(begins), daysOf(ends));
}

/** Whether a purpose goes on. It began when the record was stored, or later. */
export function purposeStanding(purpose: string, facts: readonly RecordFact[]): Standing {
  const daysOf = (kind: string) =>
    facts
      .filter((fact) => fact.kind === kind && 'purpose' in fact && fact.purpose === purpose)
      .map(({ on }) => on);
  return standingOf(daysOf('purpose-began'), daysOf('purpose-ended'));
}

/**
 * Ended only where an end is known and no beginning follows it. Beginning and end on one day: a day's
 * work has as many ends as beginnings; a return on the day of leaving has one beginning more.
 */
function standingOf(begins: readonly LegalDay[], ends: readonly LegalDay[]): Standing {
  const lastBegin = begins.toSorted().at(-1) ?? '';
  const lastEnd = ends.toSorted().at(-1);
  if (lastEnd === undefined || lastBegin > lastEnd) return { state: 'alive' };
  const returned = lastBegin === lastEnd && begins.length > ends.length;
  return returned ? { state: 'alive' } : { state: 'ended', on: lastEnd };
}
