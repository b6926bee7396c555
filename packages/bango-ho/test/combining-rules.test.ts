import { describe, expect, it } from '@jest/globals';
import type { Claim, Life } from '@mnv/bango-ho';
import { LAW, combineRules } from '@mnv/bango-ho';
import fc from 'fast-check';

const day = fc
  .tuple(
    fc.integer({ min: 2026, max: 2090 }),
    fc.integer({ min: 1, max: 12 }),
    fc.integer({ min: 1, max: 28 }),
  )
  .map(
    ([year, month, at]) =>
      `${year}-${String(month).padStart(2, '0')}-${String(at).padStart(2, '0')}`,
  );
const claim: fc.Arbitrary<Claim> = fc.record({
  rule: fc.constantFrom(...LAW.retentionRules.map((row) => row.code)),
  event: fc.option(day, { nil: null, freq: 6 }),
});
const NEVER = '9999-12-31';
const deletable = (life: Life) => life.deletableFrom ?? NEVER;
const reasons = (claims: Claim[]) =>
  combineRules(claims).blockedBy.map(({ rule, reason }) => `${rule} ${reason}`);

describe('several rules over one thing', () => {
  it('ends with the longest duty, from the completion of 2026 and the declaration of 2026', () => {
    const life = combineRules([
      { rule: 'R-EI4', event: '2026-03-31' },
      { rule: 'R-TAX7', event: '2026-01-23' },
      { rule: 'R-WC3', event: '2026-03-31' },
    ]);

    expect(life).toMatchObject({
      keepThrough: '2034-01-10',
      deletableFrom: '2034-01-11',
      deleteBy: null,
      blockedBy: [],
    });
    expect(life.trace.join(' ')).toContain('R-WC3');
  });

  it('takes the later of two events of one rule', () => {
    const events = ['2026-01-23', '2027-01-24', '2025-01-23'];

    const { keepThrough } = combineRules(events.map((event) => ({ rule: 'R-TAX7', event })));

    expect(keepThrough).toBe('2035-01-10');
  });

  it('is lengthened by an unsure duty, which then leaves the end to a person', () => {
    const life = combineRules([
      { rule: 'R-EI2', event: '2026-03-31' },
      { rule: 'R-HP2', event: '2027-03-31' },
    ]);

    expect([life.keepThrough, life.deletableFrom]).toEqual(['2029-03-31', null]);
    expect(life.blockedBy).toEqual([{ rule: 'R-HP2', reason: 'needs-check' }]);
  });

  it('is never ended by a maximum: not alone, and not before a duty', () => {
    expect(combineRules([{ rule: 'R-IDIMG', event: '2026-01-10' }])).toMatchObject({
      keepThrough: null,
      deletableFrom: null,
      deleteBy: '2026-02-09',
      blockedBy: [{ rule: 'R-IDIMG', reason: 'maximum-only' }],
    });
    expect(
      combineRules([
        { rule: 'R-IDIMG', event: '2026-01-10' },
        { rule: 'R-EI2', event: '2026-03-31' },
      ]),
    ).toMatchObject({ keepThrough: '2028-03-31', deletableFrom: null, deleteBy: '2028-03-31' });
  });

  it('stays open while a clock has not started, is not established, or no rule is known', () => {
    const ended: Claim = { rule: 'R-EI4', event: '2026-03-31' };

    expect(reasons([ended, { rule: 'R-TAX7', event: null }])).toEqual(['R-TAX7 clock-not-started']);
    expect(reasons([ended, { rule: 'R-ZAIKEI', event: '2026-03-31' }])).toEqual([
      'R-ZAIKEI clock-not-established',
    ]);
    expect(reasons([])).toEqual(['null no-rule']);
    expect(combineRules([]).deletableFrom).toBeNull();
  });

  it('refuses a rule it does not know, even before the clock has started', () => {
    expect(() => combineRules([{ rule: 'R-NONE', event: null }])).toThrow(
      expect.objectContaining({ code: 'rule-unknown' }),
    );
  });

  it('never shortens when a rule is added', () => {
    fc.assert(
      fc.property(fc.array(claim, { minLength: 1, maxLength: 5 }), claim, (claims, added) => {
        const before = combineRules(claims);
        const after = combineRules([...claims, added]);

        expect((after.keepThrough ?? '') >= (before.keepThrough ?? '')).toBe(true);
        expect(deletable(after) >= deletable(before)).toBe(true);
        expect((after.deleteBy ?? '') >= (before.deleteBy ?? '')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('says the same whatever the order of the rules', () => {
    fc.assert(
      fc.property(fc.array(claim, { maxLength: 5 }), (claims) => {
        const { keepThrough, deletableFrom, deleteBy } = combineRules(claims);
        expect(combineRules(claims.toReversed())).toMatchObject({
          keepThrough,
          deletableFrom,
          deleteBy,
        });
      }),
    );
  });

  it('is deletable only where every rule is a confirmed duty that has ended', () => {
    const sure = new Set(
      LAW.retentionRules
        .filter((row) => row.confidence !== 'needs-check' && row.nature === 'duty')
        .map((row) => row.code),
    );
    fc.assert(
      fc.property(fc.array(claim, { maxLength: 4 }), (claims) => {
        const certain =
          claims.length > 0 && claims.every(({ rule, event }) => sure.has(rule) && event !== null);
        expect(combineRules(claims).deletableFrom !== null).toBe(certain);
      }),
    );
  });
});
