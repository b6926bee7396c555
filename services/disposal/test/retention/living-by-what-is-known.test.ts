import { describe, expect, it } from '@jest/globals';
import type { RecordEvent, RecordFact, RelationKind } from '@mnv/bango-ho';
import { LAW, lifeOfRecord } from '@mnv/bango-ho';
import fc from 'fast-check';
import { ALL_KNOWN } from '../../src/retention/all-known.ts';
import type { TenantDecisions } from '../../src/retention/life/decided-life.ts';
import { UNDECIDED, decidedLife } from '../../src/retention/life/decided-life.ts';
import { historyOf } from '../../src/retention/life/history-of.ts';
import { daysBefore, plannedDay, policyOf } from '../../src/retention/due/policy.ts';

let told = 0;
const note = (on: string) => ({ id: `event-${(told += 1)}`, recordedOn: '2026-01-01', on });
const relation = (kind: RelationKind, on: string): RecordFact => ({ ...note(on), kind });
const ended = (purpose: string, on: string): RecordFact => ({
  ...note(on),
  kind: 'purpose-ended',
  purpose,
});
const omitted = (deadline: string): RecordFact => ({
  ...note(deadline),
  kind: 'number-omitted',
  deadline,
});

const lifeOf = (
  subject: 'E' | 'D' | 'S3',
  purposes: string[],
  events: { own?: RecordEvent[]; ofOwner?: RecordEvent[] },
) => {
  const { own = [], ofOwner = [] } = events;
  const around = { ofTenant: [], usesBook: 'no', asOf: ALL_KNOWN, book: LAW.book } as const;
  const history = historyOf({ record: { subject, purposes }, own, ofOwner }, around);
  return lifeOfRecord(history, ALL_KNOWN).number;
};

describe('a dependant’s number', () => {
  const gone = [relation('left', '2026-03-31'), ended('TAX-WITHHOLD', '2027-01-31')];

  it('ends with the employee’s leaving and the employee’s procedures', () => {
    const { deletableFrom } = lifeOf('D', ['TAX-WITHHOLD'], { ofOwner: gone });
    expect(deletableFrom).toBe('2027-02-01');
  });

  it('lives on while the employee works, and while a purpose of its own does', () => {
    expect(lifeOf('D', ['TAX-WITHHOLD'], {}).deletableFrom).toBeNull();
    expect(lifeOf('D', ['TAX-WITHHOLD', 'SI-DEP'], { ofOwner: gone }).deletableFrom).toBeNull();
  });

  it('is kept by the book as long as the employee’s declarations need it (国税庁FAQ Q1-3-7)', () => {
    const ofOwner = [...gone, omitted('2026-01-23')];
    expect(lifeOf('D', ['TAX-WITHHOLD'], { ofOwner }).keepThrough).toBe('2034-01-10');
    expect(
      lifeOf('S3', ['SI-NP3'], { ofOwner, own: [ended('SI-NP3', '2026-04-10')] }).keepThrough,
    ).toBe('2026-04-10');
  });

  it('is not revived by a return of the employee after the dependence ended', () => {
    const own = [relation('dependant-ended', '2023-06-30'), ended('TAX-WITHHOLD', '2024-01-31')];
    const ofOwner = [relation('hired', '2020-04-01'), relation('re-hired', '2026-04-01')];
    expect(lifeOf('D', ['TAX-WITHHOLD'], { own, ofOwner }).deletableFrom).toBe('2024-02-01');
  });

  it('is revived by the employee’s return where the dependence went on', () => {
    const ofOwner = [...gone, relation('re-hired', '2026-10-01')];
    expect(lifeOf('D', ['TAX-WITHHOLD'], { ofOwner }).deletableFrom).toBeNull();
  });
});

describe('what a tenant decides', () => {
  const rules = LAW.retentionRules.map(({ code }) => code);
  const decisions: fc.Arbitrary<TenantDecisions> = fc.record({
    usesBook: fc.constantFrom('yes' as const, 'no' as const, 'undecided' as const),
    followed: fc.subarray(rules).map((codes) => new Set(codes)),
    disposesAtContractEnd: fc.boolean(),
  });
  const day = fc
    .tuple(fc.integer({ min: 2016, max: 2040 }), fc.integer({ min: 1, max: 12 }))
    .map(([year, month]) => `${year}-${String(month).padStart(2, '0')}-15`);
  const document = fc.constantFrom('fuyo', 'kenpo', 'ei_insured', 'id_images', 'zaikei', 'np3');
  const fact: fc.Arbitrary<RecordFact> = fc.oneof(
    day.map((on) => relation('left', on)),
    day.map((on) => omitted(on)),
    fc.tuple(document, day).map(([code, on]) => ({
      ...note(on),
      kind: 'document-submitted' as const,
      document: code,
      reference: code,
      deadline: on,
      completedOn: on,
    })),
  );

  it('never makes a duty shorter, and lifts only what it names', () => {
    fc.assert(
      fc.property(fc.array(fact, { maxLength: 5 }), decisions, (events, decided) => {
        const { usesBook } = decided;
        const history = { subject: 'E', purposes: ['TAX-WITHHOLD'], usesBook, events } as const;
        const life = lifeOfRecord(history, ALL_KNOWN);
        for (const one of [life.number, ...life.documents.map((each) => each.life)]) {
          const after = decidedLife(one, decided);
          expect(after.keepThrough).toBe(one.keepThrough);
          if (after.deletableFrom !== null)
            expect(after.deletableFrom > (one.keepThrough ?? '')).toBe(true);
          const lifted = one.blockedBy.filter((block) => !after.blockedBy.includes(block));
          expect(
            lifted.every(
              ({ rule, reason }) =>
                (reason === 'contract-ended' && decided.disposesAtContractEnd) ||
                (rule !== null && decided.followed.has(rule)),
            ),
          ).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('changes nothing while it is undecided', () => {
    const own = [relation('left', '2026-03-31'), ended('TAX-WITHHOLD', '2027-01-31')];
    const life = lifeOf('E', ['TAX-WITHHOLD'], { own });
    expect(decidedLife(life, UNDECIDED)).toBe(life);
  });
});

describe('the day a due record is planned for', () => {
  it.each([
    ['immediate', '2026-02-10', '2026-02-10'],
    ['monthly', '2026-02-10', '2026-02-28'],
    ['monthly', '2028-02-29', '2028-02-29'],
    ['fiscal-year-end:03', '2026-03-31', '2026-03-31'],
    ['fiscal-year-end:03', '2026-04-01', '2027-03-31'],
    ['fiscal-year-end:12', '2026-12-31', '2026-12-31'],
  ])('%s: due since %s is planned for %s', (policy, dueSince, planned) => {
    expect(plannedDay(policyOf(policy), dueSince)).toBe(planned);
  });

  it('counts days back over the ends of months and leap days', () => {
    expect([daysBefore('2028-03-01', 1), daysBefore('2026-01-10', 30)]).toEqual([
      '2028-02-29',
      '2025-12-11',
    ]);
  });
});
