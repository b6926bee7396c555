import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AccessEntry } from '../src/index.ts';
import { decodeEntry, encodeEntry } from '../src/index.ts';

const entry: AccessEntry = {
  v: 1,
  k: 'intent',
  t: 1_900_000_000_000,
  n: randomBytes(16).toString('base64url'),
  rid: randomUUID(),
  ten: 't-001',
  rec: randomUUID(),
  op: 'disclose',
  iss: 'https://issuer.test',
  sub: 'operator-1',
  act: 'payroll',
  x5t: '',
  tok: '',
  rqh: '',
  pur: 'TAX-WITHHOLD',
  case: 'C-1',
  pol: 'p1',
  dec: 'allow',
  cnt: 1,
};
const anyText = fc.string({ unit: 'binary', maxLength: 40 });

describe('the bytes of an access entry', () => {
  it('are ASCII whatever the identities are, and read back as the same entry', () => {
    fc.assert(
      fc.property(anyText, anyText, (sub, iss) => {
        const written = { ...entry, sub: sub.toWellFormed(), iss: iss.toWellFormed() };
        const bytes = encodeEntry(written);
        expect(bytes.every((byte) => byte >= 0x20 && byte < 0x7f)).toBe(true);
        expect(decodeEntry(bytes)).toEqual(written);
      }),
    );
  });

  it('do not depend on the order in which the members were set', () => {
    const reversed = Object.fromEntries(Object.entries(entry).reverse()) as AccessEntry;
    expect(encodeEntry(reversed).equals(encodeEntry(entry))).toBe(true);
  });

  it('are refused after any change of one byte that keeps them JSON but not canonical', () => {
    const text = encodeEntry(entry).toString();
    const variants = [
      text.replace(',', ', '),
      text.replace('"v":1', '"v":1.0'),
      text.replace('"sub":"operator-1"', '"sub":"\\u006fperator-1"'),
      text.replace('{"v":1,"k":"intent"', '{"k":"intent","v":1'),
      text.replace('"cnt":1', '"cnt":1,"extra":0'),
      `${text}\n`,
    ];
    for (const variant of variants) {
      expect(variant).not.toBe(text);
      expect(() => decodeEntry(Buffer.from(variant))).toThrow(TypeError);
    }
  });

  it.each([
    ['an unknown kind', { k: 'read' }],
    ['an unknown decision', { dec: 'perhaps' }],
    ['a time that is no integer', { t: 1.5 }],
    ['a negative count', { cnt: -1 }],
    ['a short nonce', { n: 'AA' }],
  ])('are refused with %s', (_what, change) => {
    const bytes = encodeEntry({ ...entry, ...(change as Partial<AccessEntry>) });
    expect(() => decodeEntry(bytes)).toThrow(TypeError);
  });

  it('quote nothing of themselves when they are refused', () => {
    const error = refusalOf(() => decodeEntry(Buffer.from('{"sub":"somebody"}')));
    expect(String(error)).not.toContain('somebody');
  });
});

function refusalOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}
