import { afterAll, describe, expect, it } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { FormSearch } from '../src/form-search.ts';
import { formsOfBody, formsOfNumber, makeIndividualNumber, scanFiles } from '../src/index.ts';

const place = mkdtempSync(join(tmpdir(), 'scanning-'));
afterAll(() => rmSync(place, { recursive: true }));

const numbers = Array.from({ length: 20 }, () => makeIndividualNumber());
const forms = numbers.flatMap((number, at) => formsOfNumber(number, at));

describe('the forms of a number', () => {
  it.each<[string, (number: string) => Buffer]>([
    ['ASCII', (number) => Buffer.from(`x${number}y`)],
    ['UTF-16 LE', (number) => Buffer.from(`x${number}`, 'utf16le')],
    ['UTF-16 BE', (number) => Buffer.from(`x${number}`, 'utf16le').swap16()],
    [
      'full-width',
      (number) => Buffer.from(number.replaceAll(/./g, (d) => '０１２３４５６７８９'[Number(d)]!)),
    ],
    ['groups of four', (number) => Buffer.from(number.replaceAll(/(....)(?!$)/g, '$1 '))],
    ['packed BCD', (number) => Buffer.from(`ff${number}ff`, 'hex')],
    ['int64 LE', (number) => Buffer.from(new BigInt64Array([1n, BigInt(number)]).buffer)],
    ['a double', (number) => Buffer.from(new Float64Array([Number(number)]).buffer)],
    ['base64 of it alone', (number) => Buffer.from(Buffer.from(number).toString('base64'))],
    [
      'base64 behind one byte',
      (number) => Buffer.from(Buffer.from(`{${number}}`).toString('base64')),
    ],
    [
      'base64 behind two bytes',
      (number) => Buffer.from(Buffer.from(`ab${number}c`).toString('base64url')),
    ],
    ['hex', (number) => Buffer.from(`\\x${Buffer.from(number).toString('hex')}`)],
    ['SHA-256', (number) => createHash('sha256').update(number).digest()],
    ['SHA-256 in hex', (number) => Buffer.from(createHash('sha256').update(number).digest('hex'))],
    ['MD5 in base64', (number) => Buffer.from(createHash('md5').update(number).digest('base64'))],
  ])('are found as %s', (_what, written) => {
    const search = new FormSearch(forms);
    for (const [at, number] of numbers.entries()) {
      const found = [
        ...search.find(Buffer.concat([randomBytes(9), written(number), randomBytes(9)])),
      ];
      expect(found.map((one) => one.at)).toContain(at);
    }
  });

  it('are found as the digest of the body that held it', () => {
    const body = JSON.stringify({ individualNumber: numbers[0] });
    const digest = createHash('sha256').update(body).digest();
    const search = new FormSearch(formsOfBody(body, 7));
    for (const text of [digest, digest.toString('hex'), digest.toString('base64url')])
      expect([...new Set(search.find(Buffer.from(text as string)).map(({ at }) => at))]).toEqual([
        7,
      ]);
  });
});

describe('a search', () => {
  it('finds whatever was put anywhere, there and nowhere else', () => {
    const search = new FormSearch(forms);
    const Planted = fc.record({ form: fc.constantFrom(...forms), offset: fc.nat(5_000) });
    fc.assert(
      fc.property(fc.array(Planted, { maxLength: 5 }), (planted) => {
        const bytes = randomBytes(6_000);
        let end = 0;
        const kept = planted
          .toSorted((a, b) => a.offset - b.offset)
          .filter(({ form, offset }) => {
            if (offset < end || offset + form.bytes.length > bytes.length) return false;
            form.bytes.copy(bytes, offset);
            end = offset + form.bytes.length;
            return true;
          });
        const found = new Set(search.find(bytes).map((one) => `${one.at} ${one.offset}`));
        const wanted = new Set(kept.map(({ form, offset }) => `${form.at} ${offset}`));
        expect([...wanted].filter((one) => !found.has(one))).toEqual([]);
        // A form within another, such as the digits of a group, may be found as well, and one that began by chance a
        // byte before, as UTF-16 BE does before UTF-16 LE behind a zero; never elsewhere.
        const places = kept.map(
          ({ form, offset }) => [offset, offset + form.bytes.length] as const,
        );
        for (const one of search.find(bytes))
          expect(
            places.some(([from, to]) => one.offset < to && one.offset + one.bytes.length > from),
          ).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('takes no form so short that it is found by chance', () => {
    expect(() => new FormSearch([{ at: 0, form: 'x', bytes: Buffer.alloc(5) }])).toThrow(
      RangeError,
    );
  });
});

describe('a scan of files', () => {
  it('goes through every directory, over every border of a block, and says how much it saw', () => {
    const inner = join(place, 'a/b');
    mkdirSync(inner, { recursive: true });
    const border = 4 * 1024 * 1024;
    const bytes = Buffer.alloc(border * 2 + 100);
    bytes.write(numbers[1]!, border - 6);
    bytes.write(numbers[2]!, border * 2 - 1);
    bytes.write(numbers[3]!, bytes.length - 12);
    writeFileSync(join(inner, 'large'), bytes);
    writeFileSync(join(place, 'small'), numbers[0]!);
    writeFileSync(join(place, 'empty'), '');

    const { files, bytes: seen, findings } = scanFiles([place], forms);

    expect([files, seen]).toEqual([3, bytes.length + 12]);
    expect(
      findings.map(({ file, at, form }) => `${file.slice(place.length)} ${at} ${form}`).toSorted(),
    ).toEqual(['/a/b/large 1 UTF-8', '/a/b/large 2 UTF-8', '/a/b/large 3 UTF-8', '/small 0 UTF-8']);
  });
});
