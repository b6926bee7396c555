import { describe, expect, it } from '@jest/globals';
import { LAW, dayAfter, dayBefore, explain, isLegalDay } from '@mnv/bango-ho';
import fc from 'fast-check';

const DAY_MS = 86_400_000;
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const days = fc
  .integer({ min: Date.UTC(2026, 0, 1) / DAY_MS, max: Date.UTC(2300, 11, 31) / DAY_MS })
  .map((count) => iso(count * DAY_MS));
const rules = fc.constantFrom(...LAW.retentionRules.map((row) => row.code));

describe('the calendar', () => {
  it('agrees with an independent calendar on every next and previous day', () => {
    fc.assert(
      fc.property(days, (day) => {
        const at = Date.parse(day);
        expect([dayAfter(day), dayBefore(day)]).toEqual([iso(at + DAY_MS), iso(at - DAY_MS)]);
      }),
    );
  });

  it('knows exactly the days that exist', () => {
    const parts = fc.tuple(
      fc.integer({ min: 1900, max: 2400 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
    );
    fc.assert(
      fc.property(parts, ([year, month, day]) => {
        const two = (part: number) => String(part).padStart(2, '0');
        const text = `${year}-${two(month)}-${two(day)}`;
        const at = Date.parse(text);
        expect(isLegalDay(text)).toBe(!Number.isNaN(at) && iso(at) === text);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('counting a retention period', () => {
  it('makes deletion possible on the day after the last day of keeping, and never gives both ends', () => {
    fc.assert(
      fc.property(rules, days, (rule, event) => {
        const { keepThrough, deletableFrom, deleteBy } = explain({ rule, event });
        expect(deletableFrom).toBe(keepThrough === null ? null : dayAfter(keepThrough));
        expect(keepThrough === null || deleteBy === null).toBe(true);
      }),
    );
  });

  it('never ends earlier for a later event', () => {
    fc.assert(
      fc.property(rules, days, days, (rule, one, other) => {
        const [early, late] = one < other ? [one, other] : [other, one];
        const end = (event: string) => {
          const { keepThrough, deleteBy } = explain({ rule, event });
          return keepThrough ?? deleteBy ?? '';
        };
        expect(end(early) <= end(late)).toBe(true);
      }),
    );
  });

  it('gives whole years: the anniversary of an ordinary completion day', () => {
    const ordinary = days.filter((day) => !/-02-2[89]$/.test(day));
    fc.assert(
      fc.property(ordinary, (event) => {
        const anniversary = `${Number(event.slice(0, 4)) + 4}${event.slice(4)}`;
        expect(explain({ rule: 'R-EI4', event }).keepThrough).toBe(anniversary);
      }),
    );
  });

  it('ends the tax rules on 10 January whatever the day of the year', () => {
    fc.assert(
      fc.property(days, (event) => {
        const year = Number(event.slice(0, 4));
        expect(explain({ rule: 'R-TAX7', event }).keepThrough).toBe(`${year + 8}-01-10`);
        expect(explain({ rule: 'R-TAX10', event }).keepThrough).toBe(`${year + 11}-01-10`);
      }),
    );
  });
});
