import { Refusal } from '@mnv/core';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseStrictJson } from '../src/strict-json.ts';

const bounds = { maxBytes: 65_536 };
const parse = (input: Uint8Array | string) => parseStrictJson(input, bounds);

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('a JSON text of the profile', () => {
  it('is parsed to what JSON.parse makes of it, as text and as bytes', () => {
    const value = fc.jsonValue({ maxDepth: 4 }).filter(isOfProfile);

    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, '\t'), (expected, indent) => {
        const text = JSON.stringify(expected, null, indent);
        expect(parse(text)).toEqual(JSON.parse(text));
        expect(parse(Buffer.from(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    '0',
    '"x"',
    'null',
    ' [ ] ',
    '{}',
    '"a:b"',
    '{"a:b":"c:\\"d:"}',
    '"\\\\"',
    '["\\\\",":"]',
  ])('may be %s', (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it('may repeat a name in different objects', () => {
    expect(parse('{"a":{"a":1},"b":[{"a":1},{"a":2}]}')).toEqual({
      a: { a: 1 },
      b: [{ a: 1 }, { a: 2 }],
    });
  });

  it('may hold a surrogate pair, written out or escaped', () => {
    expect(parse('["𠮷","\\ud842\\udfb7"]')).toEqual(['𠮷', '𠮷']);
  });

  it('may be read from the middle of a larger buffer', () => {
    expect(parse(Buffer.from('xx{"a":1}yy').subarray(2, 9))).toEqual({ a: 1 });
  });
});

describe('a member written twice', () => {
  it.each([
    '{"a":1,"a":1}',
    '{"a":1,"\\u0061":2}',
    '[[{"b":{"a":1,"x":0,"a":2}}]]',
    '{"":1,"":2}',
    '{"1":0,"1":0}',
    '{"a:":1,"a:":2}',
  ])('is refused: %s', (text) => {
    expect(codeOf(() => parse(text))).toBe('malformed-json');
  });

  it('is refused wherever it stands', () => {
    const members = fc.uniqueArray(
      fc.string({ unit: 'binary' }).filter((name) => isOfProfile(name)),
      {
        minLength: 1,
        maxLength: 6,
      },
    );

    fc.assert(
      fc.property(members, fc.nat(), (names, pick) => {
        const written = names.filter((name) => !FORBIDDEN.includes(name));
        fc.pre(written.length > 0);
        const repeated = [...written, written[pick % written.length] ?? ''];
        const object = `{${repeated.map((name) => `${JSON.stringify(name)}:[{}]`).join(',')}}`;
        expect(codeOf(() => parse(object))).toBe('malformed-json');
      }),
    );
  });
});

describe('what other parsers read differently', () => {
  it.each([
    ['a lone high surrogate', '"\\ud800"'],
    ['a lone low surrogate', '["\\udc00x"]'],
    ['a lone surrogate in a name', '{"\\ud800":1}'],
    ['NaN', '[NaN]'],
    ['a number that overflows', '{"exp":1e999}'],
    ['a negative number that overflows', '[-1e999]'],
    ['__proto__', '{"__proto__":{"admin":true}}'],
    ['an escaped __proto__', '{"\\u005f_proto__":1}'],
    ['constructor', '[{"constructor":1}]'],
    ['prototype', '{"a":{"prototype":1}}'],
    ['a byte order mark', '\ufeff{}'],
    ['two values', '{} {}'],
    ['a comment', '{}//'],
    ['a trailing comma', '[1,]'],
    ['nothing', ''],
  ])('%s is refused', (_, text) => {
    expect(codeOf(() => parse(text))).toBe('malformed-json');
    expect(codeOf(() => parse(Buffer.from(text)))).toBe('malformed-json');
  });

  it.each([
    ['a byte that never occurs', [0x22, 0xff, 0x22]],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
    ['an encoded surrogate', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['UTF-16', [0x22, 0x00, 0x61, 0x00, 0x22, 0x00]],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x7b, 0x7d]],
  ])('%s is refused', (_, bytes) => {
    expect(codeOf(() => parse(Buffer.from(bytes)))).toBe('malformed-json');
  });

  it('a lone surrogate in a JavaScript text is refused', () => {
    expect(codeOf(() => parse('"\ud800"'))).toBe('malformed-json');
  });
});

describe('the bounds of a text', () => {
  const nested = (depth: number) => '[{"a":'.repeat(depth / 2) + '0' + '}]'.repeat(depth / 2);

  it('nesting is accepted to eight levels and refused at the ninth', () => {
    expect(codeOf(() => parse(nested(8)))).toBe('accepted');
    expect(codeOf(() => parse(`[${nested(8)}]`))).toBe('malformed-json');
    expect(codeOf(() => parse(`{"a":${nested(8)}}`))).toBe('malformed-json');
  });

  it('nesting follows the depth the caller sets', () => {
    expect(codeOf(() => parseStrictJson('{"a":[]}', { maxBytes: 10, maxDepth: 1 }))).toBe(
      'malformed-json',
    );
    expect(codeOf(() => parseStrictJson('{"a":0}', { maxBytes: 10, maxDepth: 1 }))).toBe(
      'accepted',
    );
  });

  it('nesting without end costs no stack', () => {
    expect(codeOf(() => parse('['.repeat(65_536)))).toBe('malformed-json');
    expect(codeOf(() => parse('['.repeat(32_768) + ']'.repeat(32_768)))).toBe('malformed-json');
  });

  it('size counts bytes and not characters', () => {
    expect(codeOf(() => parseStrictJson('"あ"', { maxBytes: 5 }))).toBe('accepted');
    expect(codeOf(() => parseStrictJson('"あ"', { maxBytes: 4 }))).toBe('body-too-large');
    expect(codeOf(() => parseStrictJson(Buffer.from('"あ"'), { maxBytes: 4 }))).toBe(
      'body-too-large',
    );
  });

  it('is linear: quotes and backslashes do not slow it', () => {
    const started = performance.now();
    for (const unit of ['\\\\', '\\"', 'x', ':']) {
      for (let round = 0; round < 20; round += 1) parse(`"${unit.repeat(32_000)}"`);
    }

    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe('a refusal', () => {
  it('quotes nothing of the text', () => {
    const secret = 'canary-in-the-text';
    for (const text of [
      `{"${secret}":}`,
      `{"${secret}":1,"${secret}":2}`,
      `["${secret}\\ud800"]`,
    ]) {
      const error = errorOf(() => parse(text));
      expect(
        `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`,
      ).not.toContain(secret);
    }
  });
});

const FORBIDDEN = ['__proto__', 'constructor', 'prototype'];

/** Whether JSON.stringify writes something the profile accepts. */
function isOfProfile(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(
    ([name, inner]) => name.isWellFormed() && !FORBIDDEN.includes(name) && isOfProfile(inner),
  );
}

function errorOf(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}
