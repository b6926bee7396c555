import {
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  randomBytes,
} from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  NODE_BLOB_BYTES,
  RECORD_BLOB_BYTES,
  UnopenableError,
  openNode,
  openRecord,
  sealNode,
  sealRecord,
} from '../src/index.ts';
import type { NodeIdentity, RecordAad } from '../src/index.ts';

/**
 * The published layouts, read by code that shares nothing with the product: what is sealed today must open
 * for as long as a backup of it exists.
 */
const ascii = (text: string) => Buffer.from(text, 'latin1');
const prefixed = (text: string) => Buffer.concat([Buffer.of(0, text.length), ascii(text)]);
const u32 = (value: number) => Buffer.from(value.toString(16).padStart(8, '0'), 'hex');
const u64 = (value: number) => Buffer.from(value.toString(16).padStart(16, '0'), 'hex');

function openByLayout(keys: { raw: Buffer; context: Buffer[]; nonce: Buffer }, sealed: Buffer) {
  const okm = createHmac('sha512', keys.raw).update(Buffer.concat(keys.context)).digest();
  const tag = sealed.length - 16;
  expect(sealed.subarray(0, 32).equals(okm.subarray(32))).toBe(true);
  const decipher = createDecipheriv('aes-256-gcm', okm.subarray(0, 32), keys.nonce, {
    authTagLength: 16,
  });
  decipher.setAuthTag(sealed.subarray(tag));
  return Buffer.concat([decipher.update(sealed.subarray(32, tag)), decipher.final()]);
}

const aText = fc.stringMatching(/^[a-z][a-z0-9-]{1,39}$/);
const aPosition = fc.integer({ min: 0, max: 2 ** 48 - 1 });

const anIdentity: fc.Arbitrary<NodeIdentity> = fc.record({
  deployment: aText,
  tenantId: fc.oneof(aText, fc.constant('')),
  place: fc.record({
    tree: fc.integer({ min: 0, max: 262_143 }),
    level: fc.integer({ min: 0, max: 16 }),
    index: fc.integer({ min: 0, max: 2 ** 42 }),
  }),
  keyGeneration: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
});

const anAad: fc.Arbitrary<RecordAad> = fc.record({
  deployment: aText,
  tenantId: aText,
  recordId: fc.uuid(),
  position: aPosition,
  field: fc.constant('individual-number' as const),
  schema: fc.constant(1 as const),
});

/** Any other value of the same kind that differs from the first. */
const otherThan = <T>(arbitrary: fc.Arbitrary<T>, value: T) =>
  arbitrary.filter((other) => JSON.stringify(other) !== JSON.stringify(value));

describe('a node blob', () => {
  it('is version, algorithm, salt, commitment, ciphertext and tag, as published', () => {
    fc.assert(
      fc.property(anIdentity, (identity) => {
        const [raw, secrets] = [randomBytes(32), randomBytes(2048)];
        const blob = sealNode(createSecretKey(raw), identity, secrets);
        const { deployment, tenantId, place, keyGeneration } = identity;
        const salt = blob.subarray(2, 34);
        const aad = [prefixed(deployment), prefixed(tenantId), u64(place.tree)];
        const rest = [Buffer.of(place.level), u64(place.index), u32(keyGeneration)];
        const context = [ascii('mnv/node/v1'), salt, ...aad, ...rest];

        expect(blob).toHaveLength(2130);
        expect(blob.subarray(0, 2)).toEqual(Buffer.of(1, 1));
        const keys = { raw, context, nonce: Buffer.alloc(12) };
        expect(openByLayout(keys, blob.subarray(34)).equals(secrets)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('does not open at any other place, tenant, generation or deployment', () => {
    const differing = anIdentity.chain((identity) =>
      fc.tuple(
        fc.constant(identity),
        otherThan(anIdentity, identity),
        fc.constantFrom(...keysOf(identity)),
      ),
    );
    fc.assert(
      fc.property(differing, ([identity, other, field]) => {
        fc.pre(JSON.stringify(identity[field]) !== JSON.stringify(other[field]));
        const key = createSecretKey(randomBytes(32));
        const blob = sealNode(key, identity, randomBytes(2048));
        const moved = { ...identity, [field]: other[field] };
        expect(() => openNode(key, moved, blob)).toThrow(UnopenableError);
      }),
      { numRuns: 60 },
    );
  });

  it('does not open when any one bit of it has changed, or any byte is missing', () => {
    const identity = {
      deployment: 'd',
      tenantId: 't',
      place: { tree: 1, level: 0, index: 0 },
      keyGeneration: 1,
    };
    const key = createSecretKey(randomBytes(32));
    const blob = sealNode(key, identity, randomBytes(2048));
    // Every bit of header, salt, commitment and tag; of the ciphertext one of each byte.
    const bits = Array.from({ length: NODE_BLOB_BYTES * 8 }, (_, bit) => bit).filter(
      (bit) => bit < 66 * 8 || bit >= (66 + 2048) * 8 || bit % 8 === (bit >> 3) % 8,
    );
    for (const bit of bits) {
      const changed = Buffer.from(blob);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(() => openNode(key, identity, changed)).toThrow(UnopenableError);
    }
    for (const other of [blob.subarray(1), blob.subarray(0, -1), Buffer.alloc(0)]) {
      expect(() => openNode(key, identity, other)).toThrow(UnopenableError);
    }
  });

  it('never looks the same twice, and is derived from a fresh salt each time', () => {
    const identity = {
      deployment: 'd',
      tenantId: '',
      place: { tree: 0, level: 2, index: 0 },
      keyGeneration: 1,
    };
    const key = createSecretKey(randomBytes(32));
    const secrets = Buffer.alloc(2048);
    const blobs = Array.from({ length: 20 }, () => sealNode(key, identity, secrets));
    expect(new Set(blobs.map((blob) => blob.toString('hex', 2, 66))).size).toBe(20);
    expect(new Set(blobs.map((blob) => blob.toString('hex', 66))).size).toBe(20);
  });

  it('holds exactly 64 secrets', () => {
    const identity = {
      deployment: 'd',
      tenantId: '',
      place: { tree: 0, level: 2, index: 0 },
      keyGeneration: 1,
    };
    const key = createSecretKey(randomBytes(32));
    expect(() => sealNode(key, identity, Buffer.alloc(2047))).toThrow(RangeError);
  });
});

describe('a record blob', () => {
  it('is version, algorithm, nonce, commitment, ciphertext and tag, as published', () => {
    fc.assert(
      fc.property(anAad, (aad) => {
        const [raw, plaintextBlock] = [randomBytes(32), randomBytes(32)];
        const blob = sealRecord({ dek: createSecretKey(raw), aad, plaintextBlock });
        const nonce = blob.subarray(2, 14);
        const bound = Buffer.concat([
          ascii('mnv1'),
          prefixed(aad.deployment),
          prefixed(aad.tenantId),
          Buffer.from(aad.recordId.replaceAll('-', ''), 'hex'),
          u64(aad.position),
          prefixed('individual-number'),
          Buffer.of(1),
        ]);
        const digest = createHash('sha256').update(bound).digest();
        const context = [ascii('mnv/rec/v1'), nonce, digest];

        expect(blob).toHaveLength(RECORD_BLOB_BYTES);
        expect(RECORD_BLOB_BYTES).toBe(94);
        expect(blob.subarray(0, 2)).toEqual(Buffer.of(1, 1));
        expect(openByLayout({ raw, context, nonce }, blob.subarray(14))).toEqual(plaintextBlock);
      }),
    );
  });

  it('does not open for any other record, position, tenant or deployment', () => {
    const differing = anAad.chain((aad) =>
      fc.tuple(fc.constant(aad), otherThan(anAad, aad), fc.constantFrom(...keysOf(aad))),
    );
    fc.assert(
      fc.property(differing, ([aad, other, field]) => {
        fc.pre(aad[field] !== other[field]);
        const dek = createSecretKey(randomBytes(32));
        const blob = sealRecord({ dek, aad, plaintextBlock: randomBytes(32) });
        const moved = { ...aad, [field]: other[field] };
        expect(() => openRecord({ dek, aad: moved, blob })).toThrow(UnopenableError);
      }),
    );
  });

  it('does not accept a record id that is no UUID', () => {
    const aad = {
      deployment: 'd',
      tenantId: 't',
      position: 0,
      field: 'individual-number',
      schema: 1,
    } as const;
    const dek = createSecretKey(randomBytes(32));
    for (const recordId of ['', 'x', 'g'.repeat(32), 'a'.repeat(34), 'a'.repeat(30)]) {
      const sealing = { dek, aad: { ...aad, recordId }, plaintextBlock: randomBytes(32) };
      expect(() => sealRecord(sealing)).toThrow(UnopenableError);
    }
  });
});

function keysOf<T extends object>(value: T): (keyof T)[] {
  return Object.keys(value) as (keyof T)[];
}
