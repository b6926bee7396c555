import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ControlEntry, ControlEvent } from '../src/index.ts';
import { CONTROL_OPERATIONS, decodeControlEntry, encodeControlEntry } from '../src/index.ts';

const hash = () => randomBytes(32).toString('base64url');
const common = () => ({
  v: 1 as const,
  t: 1_900_000_000_000,
  n: randomBytes(16).toString('base64url'),
});
const seen = (): ControlEntry => ({
  ...common(),
  op: 'checkpoint.seen',
  origin: `local/access/${randomUUID()}`,
  size: 7,
  root: hash(),
});

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
const anyHash = bytes32.map((bytes) => Buffer.from(bytes).toString('base64url'));
const anyEvent: fc.Arbitrary<ControlEvent> = fc.oneof(
  fc.record({
    op: fc.constant('root.created' as const),
    root: fc.nat().map((epoch) => `mnv-root-local-${epoch}`),
    epoch: fc.nat(),
    map: anyHash,
  }),
  fc.record({
    op: fc.constant('checkpoint.seen' as const),
    origin: fc.uuid().map((id) => `local/access/${id}`),
    size: fc.maxSafeNat(),
    root: anyHash,
  }),
  fc.record({
    op: fc.constant('internal.opened' as const),
    reason: fc.constantFrom('scrub' as const, 'restore-drill' as const, 'duplicate-check' as const),
    cnt: fc.nat(),
  }),
);
const anyEntry = fc
  .tuple(anyEvent, fc.integer({ min: 1 }), fc.uint8Array({ minLength: 16, maxLength: 16 }))
  .map(
    ([event, t, nonce]): ControlEntry => ({
      v: 1,
      t,
      n: Buffer.from(nonce).toString('base64url'),
      ...event,
    }),
  );

describe('the bytes of a control entry', () => {
  it('are printable ASCII and read back as the same entry, whatever the operation', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        const bytes = encodeControlEntry(entry);
        expect(bytes.every((byte) => byte >= 0x20 && byte < 0x7f)).toBe(true);
        expect(decodeControlEntry(bytes)).toEqual(entry);
      }),
    );
  });

  it('do not depend on the order in which the members were set', () => {
    fc.assert(
      fc.property(anyEntry, (entry) => {
        const reversed = Object.fromEntries(Object.entries(entry).reverse()) as ControlEntry;
        expect(encodeControlEntry(reversed).equals(encodeControlEntry(entry))).toBe(true);
      }),
    );
  });

  it('have one form: bytes that read back at all are written back the same', () => {
    const change = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) });
    let refused = 0;
    fc.assert(
      fc.property(anyEntry, change, (entry, { at, byte }) => {
        const bytes = encodeControlEntry(entry);
        bytes[at % bytes.length] = byte;
        try {
          expect(encodeControlEntry(decodeControlEntry(bytes)).equals(bytes)).toBe(true);
        } catch (error) {
          if (!(error instanceof TypeError)) throw error;
          refused += 1;
        }
      }),
    );
    expect(refused).toBeGreaterThan(0);
  });

  it('are refused with spaces, other spellings, another order, or what follows', () => {
    const text = encodeControlEntry(seen()).toString();
    const variants = [
      text.replace(',', ', '),
      text.replace('"v":1', '"v":1.0'),
      text.replace('checkpoint.seen', '\\u0063heckpoint.seen'),
      text.replace('"size":7', '"size":7,"extra":0'),
      text.replace(/"size":7,("root":"[^"]*")/, '$1,"size":7'),
      text.replace(',"size":7', ''),
      text.replace('"size":7', '"size":7,"size":7'),
      `${text}\n`,
      '',
      'null',
      '[]',
    ];
    for (const variant of variants) {
      expect(variant).not.toBe(text);
      expect(() => decodeControlEntry(Buffer.from(variant))).toThrow(TypeError);
    }
  });
});

describe('a control entry', () => {
  it.each([
    ['an unknown operation', { op: 'disposal.whatever' }],
    ['an operation that is only reserved', { op: 'restore.reconciled' }],
    ['an operation every object has', { op: 'constructor' }],
    ['a tenant', { ten: 't-001' }],
    ['an origin that is not of an access log', { origin: 'local/control' }],
    ['a text for an origin', { origin: 'local/access/株式会社' }],
    ['a size below nothing', { size: -1 }],
    ['a size as text', { size: '7' }],
    ['a hash of another length', { root: 'AAAA' }],
    ['a hash with spare bits set', { root: `${'A'.repeat(42)}B` }],
    ['no time', { t: 0 }],
    ['a nonce that is too short', { n: 'AAAA' }],
  ])('is refused with %s', (_name, changes) => {
    const { root, ...before } = seen() as Extract<ControlEntry, { op: 'checkpoint.seen' }>;
    const bytes = Buffer.from(JSON.stringify({ ...before, root, ...changes }));
    expect(() => decodeControlEntry(bytes)).toThrow(TypeError);
  });

  it('cannot be written when it could not be read back', () => {
    const wrong = { ...seen(), size: 1.5 };
    expect(() => encodeControlEntry(wrong)).toThrow(TypeError);
  });

  it('has no member for a tenant, a person or a record in clear', () => {
    const members = Object.values(CONTROL_OPERATIONS).flatMap((facts) => Object.keys(facts));
    const inClear = ['ten', 'sub', 'rec', 'tenant', 'tenantId', 'recordId', 'individualRef'];
    expect(members.filter((name) => inClear.includes(name))).toEqual([]);
    expect(members.length).toBeGreaterThan(0);
  });
});
