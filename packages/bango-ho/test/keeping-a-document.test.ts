import { describe, expect, it } from '@jest/globals';
import { LawError, explain } from '@mnv/bango-ho';
import { keepsThrough, mustGoBy } from './golden-rule.ts';

describe('keeping a tax declaration', () => {
  keepsThrough('R-TAX7', [
    ['2026-01-23', '2034-01-10', 'the day before the first salary of 2026'],
    ['2026-12-31', '2034-01-10', 'any day of 2026 gives the same end'],
    ['2026-01-01', '2034-01-10', 'the first day of the year'],
    ['2019-01-24', '2027-01-10', 'a declaration of 2019'],
    ['2025-12-31', '2033-01-10', 'first payday 1 January 2026: the deadline lies in 2025'],
    ['2026-07-24', '2034-01-10', 'hired in July: the day before the first salary'],
    ['2026-12-24', '2034-01-10', 'year-end declarations: the day before the last salary'],
    ['2024-02-29', '2032-01-10', 'a leap day is a day of its year'],
    ['2020-12-31', '2028-01-10', 'ends in a leap year, before its leap day'],
    ['2015-12-31', '2023-01-10', 'first payday 1 January 2016, the earliest of all'],
  ]);
  keepsThrough('R-TAX10', [
    ['2026-01-01', '2037-01-10', 'the first day of the ten years'],
    ['2026-06-30', '2037-01-10', 'an old-age lump sum of 2026'],
  ]);
  keepsThrough('R-BOOK', [
    ['2026-01-23', '2034-01-10', 'the last declaration without the number was that of 2026'],
    ['2019-01-24', '2027-01-10', 'the last declaration without the number was that of 2019'],
  ]);

  it('has no ten-year rule for a lump sum before 2026', () => {
    expect(() => explain({ rule: 'R-TAX10', event: '2025-12-31' })).toThrow(
      expect.objectContaining({ code: 'not-in-force' }),
    );
  });
});

describe('keeping employment, accident and health insurance papers', () => {
  keepsThrough('R-EI4', [
    ['2026-03-31', '2030-03-31', 'counted from 1 April'],
    ['2024-02-29', '2028-02-29', 'counted from 1 March: the day before 1 March of a leap year'],
    ['2024-02-28', '2028-02-28', 'counted from a leap day, to the day before a leap day'],
    ['2026-12-31', '2030-12-31', 'counted from 1 January'],
    ['2096-02-29', '2100-02-28', '2100 is no leap year'],
    ['2096-02-28', '2100-02-28', 'no 29 February in 2100: the last day of the month'],
  ]);
  keepsThrough('R-EI4B', [['2026-03-31', '2030-03-31', 'completion of the procedure']]);
  keepsThrough('R-EI2', [
    ['2024-02-28', '2026-02-28', 'counted from a leap day: no such day in 2026, so the last day'],
    ['2024-02-29', '2026-02-28', 'the day before 1 March'],
    ['2026-02-28', '2028-02-29', 'the day before 1 March of a leap year'],
  ]);
  keepsThrough('R-HP2', [['2026-03-31', '2028-03-31', 'retired at the end of March']]);
  keepsThrough('R-NP3', [['2026-03-31', '2028-03-31', 'as health insurance']]);
  keepsThrough('R-WC3', [['2026-04-30', '2029-04-30', 'the end of a short month']]);
  keepsThrough('R-LC3', [['2026-08-31', '2029-08-31', 'the end of a long month']]);
  keepsThrough('R-LC4', [['2026-08-31', '2030-08-31', 'the ledger is kept a year longer']]);
  keepsThrough('R-LSA', [['2026-03-31', '2029-03-31', 'three years for the time being']]);
});

describe('keeping what nobody must keep', () => {
  mustGoBy('R-COPY7', [
    ['2026-01-31', '2033-01-31', 'seven years from filing'],
    ['2024-02-29', '2031-02-28', 'filed on a leap day'],
  ]);
  mustGoBy('R-IDIMG', [
    ['2026-01-10', '2026-02-09', 'the day of verification is not counted'],
    ['2024-02-01', '2024-03-02', 'over a leap day'],
    ['2023-12-31', '2024-01-30', 'over the new year'],
  ]);

  it('has no day at all where the clock is not established', () => {
    const { keepThrough, deletableFrom, deleteBy, confidence, trace } = explain({
      rule: 'R-ZAIKEI',
      event: '2026-01-10',
    });

    expect([keepThrough, deletableFrom, deleteBy]).toEqual([null, null, null]);
    expect(confidence).toBe('needs-check');
    expect(trace.join(' ')).toContain('not established');
  });
});

describe('asking about a day that cannot be', () => {
  it.each(['2026-02-29', '2100-02-29', '2026-13-01', '2026-00-10', '2026-04-31', '26-01-01', ''])(
    'refuses %p',
    (event) => {
      expect(() => explain({ rule: 'R-EI4', event })).toThrow(
        expect.objectContaining({ code: 'day-invalid' }),
      );
    },
  );

  it.each(['２０２６-01-01', '2026-01-01T00:00:00Z', ' 2026-01-01', '2026-01-01\n', '2026-1-1'])(
    'refuses the spelling %p',
    (event) => {
      expect(() => explain({ rule: 'R-EI4', event })).toThrow(LawError);
    },
  );

  it('does not know a rule by the name of an object member', () => {
    expect(() => explain({ rule: 'constructor', event: '2026-01-01' })).toThrow(
      expect.objectContaining({ code: 'rule-unknown' }),
    );
  });
});
