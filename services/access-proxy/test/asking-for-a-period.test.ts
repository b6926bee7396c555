import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parsePeriod } from '../src/reports/period.ts';

describe('the period of a report', () => {
  it('counts legal days of Japan, the last one whole', () => {
    expect(parsePeriod({ from: '2026-12-01', to: '2026-12-31' })).toEqual({
      from: Date.parse('2026-11-30T15:00:00Z'),
      to: Date.parse('2026-12-31T15:00:00Z'),
    });
  });

  it('takes instants as they are, to the first one after', () => {
    const [from, to] = ['2026-12-01T00:00:00Z', '2026-12-01T09:00:00.5+09:00'];
    expect(parsePeriod({ from, to })).toEqual({ from: Date.parse(from), to: Date.parse(to) });
  });

  it('is everything when nothing is said', () => {
    expect(parsePeriod({})).toEqual({ from: 0, to: Number.MAX_SAFE_INTEGER });
  });

  it.each([
    [{ from: '2026-02-30' }],
    [{ from: '2026-13-01' }],
    [{ from: '2026' }],
    [{ from: 'yesterday' }],
    [{ from: 'Dec 25, 2026' }],
    [{ from: '2026-12-01T00:00:00' }],
    [{ from: '２０２６-12-01' }],
    [{ from: '' }],
    [{ from: ['2026-12-01', '2026-12-02'] }],
    [{ from: '2026-12-02', to: '2026-12-01' }],
    [{ from: '2026-12-01T00:00:00Z', to: '2026-12-01T00:00:00Z' }],
  ])('refuses %j', (query) => {
    expect(() => parsePeriod(query)).toThrow('invalid-request');
  });

  it('covers each day exactly once when asked day by day', () => {
    const day = fc
      .date({ min: new Date('2000-01-01'), max: new Date('2099-12-30'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(day, (today) => {
        const tomorrow = new Date(Date.parse(today) + 86_400_000).toISOString().slice(0, 10);
        const one = parsePeriod({ from: today, to: today });
        expect(one.to - one.from).toBe(86_400_000);
        expect(parsePeriod({ from: tomorrow }).from).toBe(one.to);
      }),
    );
  });
});
