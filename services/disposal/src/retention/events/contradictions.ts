import type { RecordFact } from '@mnv/bango-ho';

/** Two facts of one record that cannot both be true, and how it is mended. */
export type Contradiction = { ids: readonly [string, string]; mend: string };

type Kind = RecordFact['kind'];
type Rule = {
  one: readonly Kind[];
  other: readonly Kind[];
  /** Whether `one` and `other` contradict each other. */
  clash: (one: RecordFact, other: RecordFact) => boolean;
  mend: string;
};

const isLater = (one: RecordFact, other: RecordFact) => one.on > other.on;
const onOtherDays = (one: RecordFact, other: RecordFact) => one.on !== other.on;

/**
 * Only pairs count, and only those no further event could reconcile: so the same set of events is accepted or
 * refused whatever the order it is told in.
 */
const RULES: readonly Rule[] = [
  {
    one: ['hired'],
    other: ['hired'],
    clash: onOtherDays,
    mend: 'The first hiring has two days: correct one, or tell the later one as re-hired.',
  },
  {
    one: ['hired'],
    other: ['re-hired', 'transferred', 'left'],
    clash: isLater,
    mend: 'The first hiring is later than what follows it: correct one, or tell it as re-hired.',
  },
  {
    one: ['died'],
    other: ['died'],
    clash: onOtherDays,
    mend: 'The death has two days: correct one.',
  },
  {
    one: ['hired', 're-hired', 'transferred', 'left', 'dependant-began', 'payee-contract-began'],
    other: ['died'],
    clash: isLater,
    mend: 'Something happened after the death: correct one of the two.',
  },
];

/** The first contradiction among the facts of one record; undefined where they agree. */
export function findContradiction(facts: readonly RecordFact[]): Contradiction | undefined {
  for (const { one, other, clash, mend } of RULES) {
    const first = facts.filter(({ kind }) => one.includes(kind));
    const second = facts.filter(({ kind }) => other.includes(kind));
    for (const a of first) {
      const b = second.find((fact) => fact.id !== a.id && clash(a, fact));
      if (b !== undefined) return { ids: [a.id, b.id], mend };
    }
  }
  return undefined;
}
