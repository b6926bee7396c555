import { describe, expect, it } from '@jest/globals';
import { dayAfter } from '@mnv/bango-ho';
import fc from 'fast-check';
import { decide } from '../src/policy/decide.ts';
import { heldDays } from '../src/registers/access-list.ts';

const DAYS = Array.from({ length: 59 }, (_, at) =>
  new Date(Date.UTC(2026, 0, 1 + at)).toISOString().slice(0, 10),
);
const spans = fc
  .tuple(fc.nat(58), fc.nat(58))
  .map(([a, b]) => [DAYS[Math.min(a, b)]!, DAYS[Math.max(a, b)]!] as const);
const trainings = fc.array(
  spans.map(([completedOn, expiresOn]) => ({ course: 'a', completedOn, expiresOn })),
  { maxLength: 5 },
);

describe('the days on which an assignment gave access', () => {
  it('are exactly those on which policy allows the person to handle numbers', () => {
    fc.assert(
      fc.property(spans, fc.boolean(), trainings, ([from, end], isOpen, valid) => {
        const to = isOpen ? null : end;
        const held = heldDays({ from, to, trainings: valid });
        const assignment = { purposes: ['TAX-WITHHOLD'], startsOn: from, endsOn: to ?? undefined };
        for (const today of DAYS) {
          const person = { assignments: [assignment], trainings: valid };
          const decision = decide(person, { operation: 'find', purpose: undefined, today });
          const isHeld = held.some((days) => days.from <= today && today <= days.to);
          expect([today, isHeld]).toEqual([today, decision.allow]);
        }
      }),
    );
  });

  it('are told in the fewest spans, the oldest first', () => {
    fc.assert(
      fc.property(spans, trainings, ([from, to], valid) => {
        const held = heldDays({ from, to, trainings: valid });
        for (const [at, days] of held.entries()) {
          expect(days.from <= days.to).toBe(true);
          const before = held[at - 1];
          if (before !== undefined) expect(days.from > dayAfter(before.to)).toBe(true);
        }
      }),
    );
  });
});
