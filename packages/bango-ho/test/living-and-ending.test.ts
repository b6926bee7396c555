import { describe, expect, it } from '@jest/globals';
import type { RecordFact } from '@mnv/bango-ho';
import { career, employee, note, numberOf, purposeEnds, reasonsOf, relation } from './history.ts';

describe('the life of an employee’s number', () => {
  it('lasts through the tenth of January seven years after the last declaration without it', () => {
    expect(numberOf(employee(career))).toMatchObject({
      keepThrough: '2034-01-10',
      deletableFrom: '2034-01-11',
      blockedBy: [],
    });
  });

  it('ends with the last purpose where the tenant keeps no book and omitted nothing', () => {
    const events = [relation('left', '2026-03-31'), purposeEnds('TAX-WITHHOLD', '2027-01-31')];

    expect(numberOf(employee(events, 'no'))).toMatchObject({
      keepThrough: '2027-01-31',
      deletableFrom: '2027-02-01',
    });
  });

  it('still needs the book for a declaration that omitted the number, whatever the tenant says now', () => {
    expect(numberOf(employee(career, 'no')).keepThrough).toBe('2034-01-10');
  });

  it('waits for a person while the tenant has not decided about the book', () => {
    expect(reasonsOf(employee(career, 'undecided'))).toEqual(['book-undecided']);
  });

  it('waits while the book is used and no declaration is known', () => {
    const events = career.filter(({ kind }) => kind !== 'number-omitted');

    expect(reasonsOf(employee(events))).toEqual(['clock-not-started']);
  });

  it('goes on while the person is employed, moved inside the company, or back again', () => {
    const end = career.slice(3);

    expect(reasonsOf(employee([...career.slice(0, 3), ...career.slice(4)]))).toEqual([
      'relation-alive',
    ]);
    expect(
      reasonsOf(employee([...career.slice(0, 3), relation('transferred', '2026-03-31')])),
    ).toEqual(['relation-alive', 'purpose-alive']);
    expect(reasonsOf(employee([...career, relation('re-hired', '2028-04-01')]))).toEqual([
      'relation-alive',
    ]);
    expect(
      reasonsOf(
        employee([relation('hired', '2020-04-01'), ...end, relation('re-hired', '2026-03-31')]),
      ),
    ).toContain('relation-alive');
  });

  it('ends after one day of work, and after death', () => {
    const day = [relation('hired', '2026-04-01'), relation('left', '2026-04-01')];
    const death = [relation('hired', '2026-04-01'), relation('died', '2026-05-01')];
    const filed = purposeEnds('TAX-WITHHOLD', '2027-01-31');

    expect(reasonsOf(employee([...day, filed], 'no'))).toEqual([]);
    expect(reasonsOf(employee([...death, filed], 'no'))).toEqual([]);
  });

  it('is not ended by the end of the tenant’s contract alone, nor before the duties', () => {
    const life = numberOf(employee([...career, relation('tenant-contract-ended', '2027-03-31')]));

    expect(life.keepThrough).toBe('2034-01-10');
    expect(life.blockedBy).toEqual([{ rule: null, reason: 'contract-ended' }]);
  });

  it('goes on for a purpose that was added later', () => {
    const added: RecordFact = { ...note('2028-01-01'), kind: 'purpose-began', purpose: 'EI' };

    expect(reasonsOf(employee([...career, added]))).toEqual(['purpose-alive']);
  });

  it('says why, step by step', () => {
    const trace = numberOf(employee(career)).trace.join('\n');

    expect(trace).toContain('relation E ended on 2026-03-31');
    expect(trace).toContain('purpose TAX-WITHHOLD ended on 2027-01-31');
    expect(trace).toContain('国税庁FAQ Q1-3-7');
  });

  it('refuses a purpose that is not on the list', () => {
    expect(() => numberOf({ ...employee(career), purposes: ['MARKETING'] })).toThrow(
      expect.objectContaining({ code: 'purpose-unknown' }),
    );
  });
});

describe('the life of another person’s number', () => {
  it.each([
    ['D', 'dependant-ended'],
    ['S3', 'dependant-ended'],
    ['P', 'payee-contract-ended'],
  ] as const)('subject %s ends by %s', (subject, kind) => {
    const history = { subject, purposes: ['PAY-309'], usesBook: 'no' } as const;
    const filed = purposeEnds('PAY-309', '2027-01-31');

    expect(reasonsOf({ ...history, events: [filed] })).toEqual(['relation-alive']);
    expect(reasonsOf({ ...history, events: [filed, relation(kind, '2026-06-30')] })).toEqual([]);
  });

  it('does not wait for the book where the subject is never in it', () => {
    const events = [
      relation('payee-contract-ended', '2026-06-30'),
      purposeEnds('PAY-309', '2027-01-31'),
    ];

    expect(
      reasonsOf({ subject: 'P', purposes: ['PAY-309'], usesBook: 'undecided', events }),
    ).toEqual([]);
  });

  it('has no end where nothing at all is known', () => {
    expect(reasonsOf({ subject: 'H', purposes: [], usesBook: 'no', events: [] })).toEqual([
      'no-rule',
    ]);
  });
});
