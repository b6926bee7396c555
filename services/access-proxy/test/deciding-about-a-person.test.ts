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
});
