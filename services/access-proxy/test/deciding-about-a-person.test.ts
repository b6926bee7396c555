import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PURPOSES } from '@mnv/bango-ho';
import type { PolicyRequest, RegisteredPerson } from '../src/policy/decide.ts';
import { decide } from '../src/policy/decide.ts';

const handler: RegisteredPerson = {
  assignments: [{ purposes: ['TAX-WITHHOLD'], startsOn: '2026-01-01', endsOn: '2026-12-31' }],
  trainings: [{ completedOn: '2026-01-10', expiresOn: '2027-01-09' }],
};
const request: PolicyRequest = {
  operation: 'disclose',
  purpose: 'TAX-WITHHOLD',
  today: '2026-06-01',
};

describe('deciding about a person', () => {
  it('allows an assigned and trained operator the purposes of the assignment', () => {
    expect(decide(handler, request)).toEqual({ allow: true });
  });

  it.each<[string, Partial<RegisteredPerson>, Partial<PolicyRequest>, string]>([
    ['nobody assigned', { assignments: [] }, {}, 'assignment-missing'],
    ['an assignment that has not begun', {}, { today: '2025-12-31' }, 'assignment-missing'],
    ['an assignment that has ended', {}, { today: '2027-01-01' }, 'assignment-missing'],
    ['no training', { trainings: [] }, {}, 'training-expired'],
    [
      'training that has expired',
      { trainings: [{ completedOn: '2025-01-01', expiresOn: '2026-05-31' }] },
      {},
      'training-expired',
    ],
    [
      'training in the future',
      { trainings: [{ completedOn: '2026-06-02', expiresOn: '2027-06-01' }] },
      {},
      'training-expired',
    ],
    ['a purpose outside the list', {}, { purpose: 'MARKETING' }, 'purpose-unknown'],
    ['a purpose of the list that is off', {}, { purpose: 'WC' }, 'purpose-unknown'],
    ['a purpose outside the assignment', {}, { purpose: 'PAY-309' }, 'purpose-not-permitted'],
  ])('refuses %s', (_what, person, asked, code) => {
    expect(decide({ ...handler, ...person }, { ...request, ...asked })).toEqual({
      allow: false,
      code,
    });
  });

  it('counts the first and the last day of an assignment', () => {
    for (const today of ['2026-01-10', '2026-12-31']) {
      expect(decide(handler, { ...request, today })).toEqual({ allow: true });
    }
  });

  it('never allows a purpose that no current assignment names', () => {
    const code = fc.constantFrom(...PURPOSES.map((purpose) => purpose.code));
    fc.assert(
      fc.property(fc.array(code, { minLength: 1 }), code, (assigned, purpose) => {
        const person = {
          ...handler,
          assignments: [{ purposes: assigned, startsOn: '2026-01-01', endsOn: undefined }],
        };
        const decision = decide(person, { ...request, purpose });
        if (!assigned.includes(purpose)) expect(decision.allow).toBe(false);
      }),
    );
  });

  describe('whatever the registers say', () => {
    const day = fc
      .date({ min: new Date('2026-01-01'), max: new Date('2026-12-31'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    const code = fc.constantFrom(...PURPOSES.map((purpose) => purpose.code), 'NOT-ON-THE-LIST');
    const person = fc.record({
      assignments: fc.array(
        fc.record({
          purposes: fc.array(code, { maxLength: 3 }),
          startsOn: day,
          endsOn: fc.option(day, { nil: undefined }),
        }),
        { maxLength: 3 },
      ),
      trainings: fc.array(fc.record({ completedOn: day, expiresOn: day }), { maxLength: 3 }),
    });
    const operation = fc.constantFrom('disclose' as const, 'store' as const, 'find' as const);
    const asked = fc.record({
      operation,
      purpose: fc.option(code, { nil: undefined }),
      today: day,
    });

    it('allows only who is assigned and trained on that day', () => {
      fc.assert(
        fc.property(person, asked, (registered, wanted) => {
          if (!decide(registered, wanted).allow) return;
          const { today } = wanted;
          const assigned = registered.assignments.some(
            ({ startsOn, endsOn = today }) => startsOn <= today && today <= endsOn,
          );
          const trained = registered.trainings.some(
            ({ completedOn, expiresOn }) => completedOn <= today && today <= expiresOn,
          );
          expect([assigned, trained]).toEqual([true, true]);
        }),
      );
    });

    it('takes nothing away by a further assignment or training', () => {
      fc.assert(
        fc.property(person, fc.boolean(), (more, last) => {
          const joined = <T>(own: T[], others: T[]) =>
            last ? [...others, ...own] : [...own, ...others];
          const both = {
            assignments: joined(handler.assignments, more.assignments),
            trainings: joined(handler.trainings, more.trainings),
          };
          expect(decide(both, request)).toEqual({ allow: true });
        }),
      );
    });
  });
});
