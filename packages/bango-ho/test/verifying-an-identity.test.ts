import { describe, expect, it } from '@jest/globals';
import { PURPOSES, findVerificationDuty, verificationMethodsOn } from '@mnv/bango-ho';

const requiredBy = (purpose: string, subject: 'E' | 'D' | 'S3' | 'P' | 'H') =>
  findVerificationDuty({ purpose, subject, on: '2026-11-22' })?.requiredBy;
const codesOn = (day: string) => verificationMethodsOn(day).numberChecks.map((row) => row.code);

describe('who verifies an identity (番号法16条)', () => {
  it('is the employee for dependants in a declaration, because he collects their numbers', () => {
    expect(requiredBy('TAX-DECL-DEP', 'D')).toBe('employee');
  });

  it('is the employer, through the employee as proxy, for a category-3 spouse', () => {
    expect(requiredBy('SI-NP3', 'S3')).toBe('proxy');
  });

  it('is the employer where nothing else is established', () => {
    expect(requiredBy('SI-DEP', 'D')).toBe('operator');
    expect(requiredBy('EI', 'E')).toBe('operator');
    expect(requiredBy('PAY-309', 'P')).toBe('operator');
  });

  it('is known for every subject of every purpose', () => {
    const unknown = PURPOSES.flatMap(({ code, subjects }) =>
      subjects.filter((subject) => requiredBy(code, subject) === undefined),
    );

    expect(unknown).toEqual([]);
  });
});

describe('the methods of verification', () => {
  it('are N1 to N7 and I1 to I6', () => {
    const { identityChecks } = verificationMethodsOn('2026-11-22');

    expect(codesOn('2026-11-22')).toEqual(['N1', 'N2', 'N3', 'N4', 'N5', 'N6', 'N7']);
    expect(identityChecks.map((row) => row.code)).toEqual(['I1', 'I2', 'I3', 'I4', 'I5', 'I6']);
  });

  it('count from the day they came into force', () => {
    expect(codesOn('2026-06-13')).not.toContain('N7');
    expect(codesOn('2026-06-14')).toContain('N7');
  });

  it('let identity be known by employment face to face only', () => {
    const known = verificationMethodsOn('2026-11-22').identityChecks.find(
      (row) => row.code === 'I5',
    );

    expect(known?.channels).toEqual(['face-to-face']);
  });
});
