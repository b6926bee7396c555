import { describe, expect, it } from '@jest/globals';
import { findNumbers, makeIndividualNumber } from '@mnv/testing';
import fc from 'fast-check';

const fullWidth = (digits: string) =>
  digits.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
const grouped = (digits: string, by: string) =>
  digits.replace(/(.{4})(.{4})(.{4})/, `$1${by}$2${by}$3`);
const escapedUnits = (text: string) =>
  [...text].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16();

const FORMS: Record<string, (number: string) => Buffer> = {
  plain: (number) => Buffer.from(number),
  'in groups of four by spaces': (number) => Buffer.from(grouped(number, ' ')),
  'in groups of four by hyphens': (number) => Buffer.from(grouped(number, '-')),
  'full-width': (number) => Buffer.from(fullWidth(number)),
  'full-width in groups by ideographic spaces': (number) =>
    Buffer.from(fullWidth(grouped(number, '\u3000'))),
  'as JSON escapes': (number) => Buffer.from(escapedUnits(fullWidth(number))),
  'as a URL component': (number) => Buffer.from(encodeURIComponent(fullWidth(number))),
  'as little-endian UTF-16': (number) => Buffer.from(number, 'utf16le'),
  'as big-endian UTF-16': (number) => swapped(number),
  'full-width as little-endian UTF-16': (number) => Buffer.from(fullWidth(number), 'utf16le'),
  'full-width as big-endian UTF-16': (number) => swapped(fullWidth(number)),
  'as hex': (number) => Buffer.from(Buffer.from(number).toString('hex')),
  'as Node prints a Buffer': (number) => Buffer.from(`<Buffer ${pairs(number)}>`),
};
const pairs = (number: string) =>
  Buffer.from(number)
    .toString('hex')
    .replaceAll(/(..)(?=.)/g, '$1 ');

describe('a text that gives a number away', () => {
  it.each(Object.entries(FORMS))('is found out when the number is written %s', (_, write) => {
    const number = makeIndividualNumber();
    const surroundings = fc.string({ unit: fc.constantFrom('a', 'é', ' ', '{', '7', '\n') });

    fc.assert(
      fc.property(surroundings, surroundings, (before, after) => {
        const text = Buffer.concat([Buffer.from(before), write(number), Buffer.from(after)]);
        expect(findNumbers([number], text)).toContainEqual({ at: 0, form: expect.any(String) });
      }),
    );
  });

  it.each([0, 1, 2])(
    'is found out when the number is in base64 %d bytes after a border',
    (offset) => {
      const number = makeIndividualNumber();

      for (const encoding of ['base64', 'base64url'] as const) {
        const text = Buffer.from(`${'{"'.repeat(2).slice(0, offset)}${number}"}`).toString(
          encoding,
        );
        expect(findNumbers([number], Buffer.from(`cursor=x.${text}`))).toEqual([
          { at: 0, form: 'base64' },
        ]);
      }
    },
  );

  it('is found out inside a longer run of digits', () => {
    const number = makeIndividualNumber();

    expect(findNumbers([number], Buffer.from(`77${number}77`))).toContainEqual({
      at: 0,
      form: 'plain',
    });
  });

  it('names which of the numbers it shows', () => {
    const numbers = [makeIndividualNumber(), makeIndividualNumber(), makeIndividualNumber()];

    const found = findNumbers(numbers, Buffer.from(`x ${numbers[1]} y`));

    expect(new Set(found.map(({ at }) => at))).toEqual(new Set([1]));
  });
});

describe('a text that gives no number away', () => {
  it('is left alone, whatever other digits it holds', () => {
    const number = makeIndividualNumber();
    const other = makeIndividualNumber();

    for (const write of Object.values(FORMS))
      expect(findNumbers([number], write(other))).toEqual([]);
  });

  it('is left alone when it shows eleven of the twelve digits', () => {
    const number = makeIndividualNumber();

    for (const write of Object.values(FORMS)) {
      expect(findNumbers([number], write(number.slice(0, 11)))).toEqual([]);
    }
  });
});
