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

/** Where the decimal digits of each script begin: ten in a row, one script behind another. */
function everyZero(): number[] {
  const zeros: number[] = [];
  let left = 0;
  for (let point = 0; point < 0x2_0000; point += 1) {
    if (left > 0) left -= 1;
    else if (/\p{Nd}/u.test(String.fromCodePoint(point))) left = zeros.push(point) > 0 ? 9 : 0;
  }
  return zeros;
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

  it('is not itself a number in the digits of any script', () => {
    const number = someNumber();
    const zeros = everyZero();
    expect(zeros.length).toBeGreaterThan(60);
    const written = zeros.map((zero) =>
      [...number].map((digit) => String.fromCodePoint(zero + Number(digit))).join(''),
    );
    const kanji = [...number].map((digit) => '零一二三四五六七八九'[Number(digit)]).join('');
    const hidden = [...number].join('\u00ad');
    const mixed = `${written[1]?.slice(0, 6)}${number.slice(6)}`;
    expect([...written, kanji, hidden, mixed].filter(isIndividualRef)).toEqual([]);
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
