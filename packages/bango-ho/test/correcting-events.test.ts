import { describe, expect, it } from '@jest/globals';
import type { RecordEvent, RecordFact, RelationKind } from '@mnv/bango-ho';
import { lifeOfRecord } from '@mnv/bango-ho';
import fc from 'fast-check';
import {
  TODAY,
  career,
  employee,
  note,
  numberOf,
  omitted,
  purposeEnds,
  relation,
} from './history.ts';

describe('events told late, twice or wrongly', () => {
  const [, , , left] = career;
  const corrects = (id: string, instead: RecordFact | null, on: string): RecordEvent => ({
    ...note(on),
    kind: 'corrected',
    corrects: id,
    instead,
  });
  const wrongLeft = left as RecordFact;
  const fixed = corrects(wrongLeft.id, { ...wrongLeft, on: '2026-04-30' }, '2026-05-10');
  const ended = (events: readonly RecordEvent[], asOf = TODAY) =>
    numberOf(employee(events, 'no'), asOf).trace.find((line) => line.startsWith('relation'));

  it('are corrected, and a correction can be taken back', () => {
    const back = corrects(fixed.id, null, '2026-06-01');

    expect(ended([...career, fixed])).toBe('relation E ended on 2026-04-30');
    expect(ended([...career, fixed, back])).toBe('relation E ended on 2026-03-31');
    expect(ended([...career, corrects(wrongLeft.id, null, '2026-05-10')])).toBe(
      'relation E goes on',
    );
  });

  it('leave the newest of several corrections', () => {
    const newer = corrects(wrongLeft.id, { ...wrongLeft, on: '2026-04-15' }, '2026-05-11');

    expect(ended([newer, ...career, fixed])).toBe('relation E ended on 2026-04-15');
  });

  it('answer as of a past day from what was known then', () => {
    expect(ended([...career, fixed], '2026-03-30')).toBe('relation E goes on');
    expect(ended([...career, fixed], '2026-05-09')).toBe('relation E ended on 2026-03-31');
    expect(ended([...career, fixed], '2026-05-10')).toBe('relation E ended on 2026-04-30');
  });

  it('are refused where one id says two things, or a correction names a day that does not exist', () => {
    const contradiction = expect.objectContaining({ code: 'events-contradict' });

    expect(() => ended([...career, { ...wrongLeft, on: '2026-04-30' }])).toThrow(contradiction);
    expect(() =>
      ended([...career, corrects(wrongLeft.id, { ...wrongLeft, on: '2026-02-30' }, '2026-05-01')]),
    ).toThrow(expect.objectContaining({ code: 'day-invalid' }));
  });

  const kinds = fc.constantFrom<RelationKind>('hired', 'transferred', 'left', 'died', 're-hired');
  const days = fc.constantFrom('2026-01-31', '2026-03-31', '2027-04-01', '2028-02-29');
  const fact: fc.Arbitrary<RecordFact> = fc.oneof(
    fc.tuple(kinds, days).map(([kind, on]) => relation(kind, on)),
    days.map((on) => omitted(on)),
    days.map((on) => purposeEnds('TAX-WITHHOLD', on)),
  );
  const facts = fc.array(fact, { maxLength: 6 });
  const withCorrections = facts.chain((list) =>
    fc
      .array(fc.tuple(fc.nat(), fc.option(fact), days), { maxLength: list.length === 0 ? 0 : 3 })
      .map((fixes) => [
        ...list,
        ...fixes.map(([at, instead, on]) =>
          corrects(list[at % list.length]?.id ?? '', instead, on),
        ),
      ]),
  );

  it('give the same life in any order', () => {
    const shuffled = withCorrections.chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([list, other]) => {
        expect(lifeOfRecord(employee(other), TODAY)).toEqual(lifeOfRecord(employee(list), TODAY));
      }),
      { numRuns: 300 },
    );
  });

  it('give the same life when told again', () => {
    fc.assert(
      fc.property(withCorrections, fc.nat(), (list, at) => {
        const again = structuredClone(list.slice(at % (list.length + 1)));
        expect(lifeOfRecord(employee([...list, ...again]), TODAY)).toEqual(
          lifeOfRecord(employee(list), TODAY),
        );
      }),
    );
  });

  it('never shorten a life by one more declaration without the number', () => {
    fc.assert(
      fc.property(facts, days, (list, deadline) => {
        const before = numberOf(employee([...list, omitted('2026-01-23')]));
        const after = numberOf(employee([...list, omitted('2026-01-23'), omitted(deadline)]));
        expect((after.keepThrough ?? '') >= (before.keepThrough ?? '')).toBe(true);
        expect((after.deletableFrom ?? '9999') >= (before.deletableFrom ?? '9999')).toBe(true);
      }),
    );
  });
});
