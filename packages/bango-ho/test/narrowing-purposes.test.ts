import { describe, expect, it } from '@jest/globals';
import type { Narrowing, Purpose } from '@mnv/bango-ho';
import { PURPOSES, findPurpose, narrowPurposes, whyNotPermitted } from '@mnv/bango-ho';
import fc from 'fast-check';

const TODAY = '2026-11-22';
const narrow = (narrowing: Narrowing) => narrowPurposes(PURPOSES, narrowing);
const salary = (limits: object) =>
  narrow({ only: ['TAX-WITHHOLD'], limits: { 'TAX-WITHHOLD': limits } })[0];

describe('the closed list of purposes', () => {
  it('is the statutory list and nothing else', () => {
    expect(PURPOSES.map((row) => row.code)).toEqual(
      (
        'TAX-WITHHOLD TAX-RETIRE TAX-DECL-DEP TAX-DECL-YEA TAX-DECL-RET TAX-BOOK TAX-LOCAL ' +
        'PAY-309 PAY-313 PAY-376 PAY-314 PAY-DIV PAY-SO ' +
        'SI-HP SI-DEP SI-NP3 EI WC ZAIKEI ESOP PENSION-CORP'
      ).split(' '),
    );
    expect(findPurpose('TAX-OTHER')).toBeUndefined();
    expect(findPurpose('__proto__')).toBeUndefined();
  });

  it('leaves workers’ accident compensation off until somebody asks for it', () => {
    expect(PURPOSES.filter((row) => !row.enabledByDefault).map((row) => row.code)).toEqual(['WC']);
    expect(narrow({}).some((row) => row.code === 'WC')).toBe(false);
    expect(narrow({ only: ['WC'] }).map((row) => row.code)).toEqual(['WC']);
  });

  it('marks what general knowledge alone supports as needing a check', () => {
    const unsure = PURPOSES.filter((row) => row.confidence === 'needs-check').map(
      (row) => row.code,
    );

    expect(unsure).toEqual(
      'TAX-DECL-YEA TAX-LOCAL PAY-DIV PAY-SO EI WC ZAIKEI ESOP PENSION-CORP'.split(' '),
    );
  });
});

describe('a tenant that narrows its purposes', () => {
  it('may use fewer, and less of each', () => {
    const row = salary({
      subjects: ['E'],
      operations: ['disclose'],
      season: { from: '12-01', to: '01-31' },
    });

    expect(row).toMatchObject({ subjects: ['E'], operations: ['disclose'] });
    expect(row?.season).toEqual({ from: '12-01', to: '01-31' });
  });

  it.each<[string, Narrowing, string]>([
    ['another purpose', { only: ['MARKETING'] }, 'purpose-unknown'],
    ['limits of another purpose', { limits: { MARKETING: {} } }, 'purpose-unknown'],
    ['another subject', { limits: { 'TAX-RETIRE': { subjects: ['E', 'D'] } } }, 'would-widen'],
    ['another document', { limits: { EI: { documents: ['fuyo'] } } }, 'would-widen'],
    [
      'an operation the law’s row lacks',
      { limits: { EI: { operations: ['sell' as 'store'] } } },
      'would-widen',
    ],
    [
      'a season that is no season',
      { limits: { EI: { season: { from: '02-30', to: '03-31' } } } },
      'would-widen',
    ],
  ])('cannot get %s', (_case, narrowing, code) => {
    expect(() => narrow(narrowing)).toThrow(expect.objectContaining({ code }));
  });

  it('cannot stretch a season it was given', () => {
    const winter = narrow({ limits: { EI: { season: { from: '12-01', to: '01-31' } } } });
    const seasons = (from: string, to: string) =>
      narrowPurposes(winter, { limits: { EI: { season: { from, to } } } });

    expect(() => seasons('11-30', '01-31')).toThrow(
      expect.objectContaining({ code: 'would-widen' }),
    );
    expect(() => narrowPurposes(winter, { limits: { EI: { season: null } } })).toThrow(
      expect.objectContaining({ code: 'would-widen' }),
    );
    expect(seasons('12-15', '01-10').length).toBe(winter.length);
  });

  it('cannot bring in other members of a row', () => {
    expect(salary({ enabledByDefault: false, code: 'X', confidence: 'confirmed-primary' })).toEqual(
      findPurpose('TAX-WITHHOLD'),
    );
  });

  it('never permits a use that the list refuses', () => {
    const row = fc.constantFrom(...PURPOSES);
    const part = <T>(whole: readonly T[]) => fc.subarray([...whole], { minLength: 1 });
    const narrowed = row.chain((whole) =>
      fc.record({
        whole: fc.constant(whole),
        limits: fc.record({ subjects: part(whole.subjects), operations: part(whole.operations) }),
        subject: fc.constantFrom('E', 'D', 'S3', 'P', 'H', 'X'),
        operation: fc.constantFrom('store', 'disclose', 'fill', 'match', 'sell'),
      }),
    );
    fc.assert(
      fc.property(narrowed, ({ whole, limits, subject, operation }) => {
        const less = narrow({ only: [whole.code], limits: { [whole.code]: limits } })[0] as Purpose;
        const use = { subject, operation, on: TODAY };
        const permits = (one: Purpose) => whyNotPermitted(one, use) === undefined;

        expect(permits(less) && !permits(whole)).toBe(false);
        expect(permits(less)).toBe(
          limits.subjects.some((one) => one === subject) &&
            limits.operations.some((one) => one === operation),
        );
      }),
    );
  });
});

describe('a use that a purpose does not cover', () => {
  const use = { subject: 'E', operation: 'disclose', on: TODAY } as const;

  it.each([
    ['an employee’s number for a payment record', 'PAY-309', use, 'subject'],
    ['an operation nobody listed', 'EI', { ...use, operation: 'sell' }, 'operation'],
    ['a document of another purpose', 'EI', { ...use, document: 'fuyo' }, 'document'],
    ['a day before numbers existed', 'EI', { ...use, on: '2015-10-04' }, 'not-in-force'],
    ['a proper use', 'EI', { ...use, document: 'ei_insured' }, undefined],
  ])('%s', (...[, code, asked, reason]) => {
    const row = findPurpose(code);

    expect(row && whyNotPermitted(row, asked)).toBe(reason);
  });

  it.each([
    ['2026-12-01', undefined],
    ['2027-01-31', undefined],
    ['2026-11-30', 'out-of-season'],
    ['2027-02-01', 'out-of-season'],
  ])('a season over the new year, on %s', (on, reason) => {
    const row = salary({ season: { from: '12-01', to: '01-31' } });

    expect(row && whyNotPermitted(row, { ...use, on })).toBe(reason);
  });
});
