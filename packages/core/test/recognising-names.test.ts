import { randomInt, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  checkDigitOf,
  isCaseId,
  isIndividualRef,
  isTenantId,
  isUuid,
  legalDayOf,
  looksLikeIndividualNumber,
  uuidBytes,
} from '../src/index.ts';

function someNumber(): string {
  const digits = Array.from({ length: 11 }, () => randomInt(1, 10)).join('');
  return `${digits}${checkDigitOf(digits)}`;
}

describe('a UUID', () => {
  it('has one spelling, and its bytes are those digits', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(isUuid(uuid)).toBe(true);
        expect(Buffer.from(uuidBytes(uuid)).toString('hex')).toBe(uuid.replaceAll('-', ''));
      }),
    );
    const uuid = randomUUID();
    const others = [
      uuid.toUpperCase().replace(/^./, 'A'),
      `{${uuid}}`,
      uuid.replaceAll('-', ''),
      `${uuid}\n`,
      '',
    ];
    expect(others.filter(isUuid)).toEqual([]);
  });
});

describe('a tenant id', () => {
  it.each(['t-001', 'ab', 'operator', `a${'b'.repeat(39)}`])('may be %s', (id) => {
    expect(isTenantId(id)).toBe(true);
  });
  it.each(['', 'a', 'T-001', '1-001', 't_001', 't-001\n', '../t', `a${'b'.repeat(40)}`, 'ｔ-001'])(
    'may not be %j',
    (id) => {
      expect(isTenantId(id)).toBe(false);
    },
  );
});

describe('a case id', () => {
  it('names an occasion, and has no room for a number', () => {
    expect(isCaseId('PAYROLL-2026-12')).toBe(true);
    expect(isCaseId(`A${'1'.repeat(11)}`)).toBe(true);
    const others = [
      '',
      'payroll',
      '-A',
      'A B',
      'A\n',
      `A${'1'.repeat(12)}`,
      'A'.repeat(41),
      '年末',
    ];
    expect(others.filter(isCaseId)).toEqual([]);
  });
});

describe('a tenant’s own key of a person', () => {
  it.each(['E-0001', '社員001', '山田　太郎', 'a b', '👪'.repeat(64), '1234'])(
    'may be %s',
    (ref) => {
      expect(isIndividualRef(ref)).toBe(true);
    },
  );

  it('is short, composed, visible text', () => {
    const others = [
      '',
      '👪'.repeat(65),
      'が'.normalize('NFD'),
      'a\u0000',
      'a\tb',
      'a\u0085',
      'a\u2028b',
      'a\u200bb',
      'a\u202eb',
      '\ufeffa',
      '\ud800',
    ];
    expect(others.filter(isIndividualRef)).toEqual([]);
  });

  it('is not itself a number, however it is written', () => {
    const number = someNumber();
    const fullWidth = [...number].map((digit) => String.fromCodePoint(0xff10 + Number(digit)));
    const written = [
      number,
      `${number.slice(0, 4)}-${number.slice(4, 8)}-${number.slice(8)}`,
      `${number.slice(0, 4)} ${number.slice(4)}`,
      fullWidth.join(''),
      fullWidth.join('－'),
    ];
    expect(written.every(looksLikeIndividualNumber)).toBe(true);
    expect(written.some(isIndividualRef)).toBe(false);
    const wrong = number.slice(0, 11) + ((Number(number[11]) + 1) % 10);
    expect(isIndividualRef(wrong)).toBe(true);
  });
});

describe('a legal day', () => {
  it('begins at midnight in Tokyo, wherever the machine is', () => {
    expect(legalDayOf(Date.parse('2026-12-31T14:59:59.999Z'))).toBe('2026-12-31');
    expect(legalDayOf(Date.parse('2026-12-31T15:00:00.000Z'))).toBe('2027-01-01');
    expect(legalDayOf(Date.parse('2028-02-28T15:00:00.000Z'))).toBe('2028-02-29');
  });
});
