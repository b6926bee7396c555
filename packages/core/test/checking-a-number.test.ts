import { randomInt } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { IndividualNumber, checkDigitOf, hasRightCheckDigit } from '../src/index.ts';

const eleven = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 11, maxLength: 11 });

/** 平成26年総務省令第85号 第5条, as the ordinance writes it: digits counted from the right, P and Q by position. */
function checkDigitByTheOrdinance(digits: readonly number[]): number {
  let sum = 0;
  for (let n = 1; n <= 11; n += 1) {
    const q = n <= 6 ? n + 1 : n - 5;
    sum += (digits[11 - n] ?? 0) * q;
  }
  const remainder = sum % 11;
  return remainder <= 1 ? 0 : 11 - remainder;
}

function someNumber(): string {
  const digits = Array.from({ length: 11 }, () => randomInt(1, 10)).join('');
  return `${digits}${checkDigitOf(digits)}`;
}

describe('the check digit', () => {
  it('is that of the ordinance, for any eleven digits', () => {
    fc.assert(
      fc.property(eleven, (digits) => {
        expect(checkDigitOf(digits.join(''))).toBe(checkDigitByTheOrdinance(digits));
      }),
    );
  });

  it('finds every slip of one digit but those whose remainders share the digit 0', () => {
    fc.assert(
      fc.property(eleven, fc.nat(10), fc.integer({ min: 1, max: 9 }), (digits, at, by) => {
        const slipped = digits.with(at, ((digits[at] ?? 0) + by) % 10);
        const [right, wrong] = [digits, slipped].map((all) => checkDigitOf(all.join('')));
        expect(right === wrong).toBe(right === 0 && wrong === 0);
      }),
    );
  });

  it('lets one of ten of all twelve digits pass', () => {
    const stem = String(randomInt(10 ** 10, 10 ** 11));
    const lasts = Array.from({ length: 10 }, (_, last) => `${stem}${last}`);
    const passing = lasts.filter(hasRightCheckDigit);
    expect(passing).toHaveLength(1);
  });
});

describe('an Individual Number', () => {
  it('is twelve ASCII digits and nothing else', () => {
    const number = someNumber();
    const fullWidth = [...number].map((digit) => String.fromCodePoint(0xff10 + Number(digit)));
    const arabic = [...number].map((digit) => String.fromCodePoint(0x0660 + Number(digit)));
    expect(IndividualNumber.parse(number)?.reveal() === number).toBe(true);
    const others = [
      '',
      number.slice(1),
      `${number}0`,
      ` ${number}`,
      `${number}\n`,
      `${number.slice(0, 4)}-${number.slice(4, 8)}-${number.slice(8)}`,
      fullWidth.join(''),
      arabic.join(''),
      `+${number.slice(1)}`,
      '1e11',
    ];
    expect(others.filter((text) => IndividualNumber.parse(text) !== undefined)).toHaveLength(0);
  });

  it('is not all zeros, though their check digit is right', () => {
    expect(hasRightCheckDigit('0'.repeat(12))).toBe(true);
    expect(IndividualNumber.parse('0'.repeat(12))).toBeUndefined();
  });

  it('shows nothing of itself, however it is printed', () => {
    const number = someNumber();
    const value = IndividualNumber.parse(number);
    const shown = [
      String(value),
      `${value?.toString()}`,
      JSON.stringify({ value }),
      inspect(value, { showHidden: true, depth: 9 }),
      Object.values(value ?? {}).join(),
      JSON.stringify(structuredClone(value)),
    ];
    expect(shown.some((text) => text.includes(number.slice(0, 6)))).toBe(false);
  });
});
