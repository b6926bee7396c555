import { createCipheriv, createHmac, createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { IndividualNumber, checkDigitOf } from '@mnv/core';
import fc from 'fast-check';
import {
  RECORD_BLOB_BYTES,
  UnopenableError,
  individualNumberBlock,
  individualNumberFromBlock,
  openRecord,
  sealRecord,
} from '../src/index.ts';
import type { RecordAad } from '../src/index.ts';

const dek = createSecretKey(randomBytes(32));
const aad: RecordAad = {
  deployment: 'local',
  tenantId: 't-001',
  recordId: randomUUID(),
  position: 4711,
  field: 'individual-number',
  schema: 1,
};

const aNumber = fc
  .stringMatching(/^[1-9]\d{10}$/)
  .map((digits) => IndividualNumber.parse(digits + checkDigitOf(digits)) as IndividualNumber);

describe('a sealed number', () => {
  it('opens to the number that was sealed, and always has the same length', () => {
    fc.assert(
      fc.property(aNumber, (number) => {
        const blob = sealRecord({ dek, aad, plaintextBlock: individualNumberBlock(number) });

        const opened = individualNumberFromBlock(openRecord({ dek, aad, blob }));

        expect(opened.reveal() === number.reveal()).toBe(true);
        expect(blob).toHaveLength(RECORD_BLOB_BYTES);
      }),
    );
  });

  it('does not open when any one bit of it has changed', () => {
    const blob = sealRecord({ dek, aad, plaintextBlock: randomBytes(32) });
    for (let bit = 0; bit < blob.length * 8; bit += 1) {
      const changed = Buffer.from(blob);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(() => openRecord({ dek, aad, blob: changed })).toThrow(UnopenableError);
    }
  });

  it.each<Partial<RecordAad>>([
    { deployment: 'other' },
    { tenantId: 't-002' },
    { recordId: randomUUID() },
    { position: 4712 },
    { position: 4711 + 2 ** 32 },
    { deployment: 'loca', tenantId: 'lt-001' },
  ])('does not open as that of another record: %j', (other) => {
    const blob = sealRecord({ dek, aad, plaintextBlock: randomBytes(32) });
    expect(() => openRecord({ dek, aad: { ...aad, ...other }, blob })).toThrow(UnopenableError);
  });

  it('does not open under another key', () => {
    const blob = sealRecord({ dek, aad, plaintextBlock: randomBytes(32) });
    const other = createSecretKey(randomBytes(32));
    expect(() => openRecord({ dek: other, aad, blob })).toThrow(UnopenableError);
  });

  it('does not open when truncated or extended', () => {
    const blob = sealRecord({ dek, aad, plaintextBlock: randomBytes(32) });
    for (const other of [
      blob.subarray(0, -1),
      Buffer.concat([blob, Buffer.of(0)]),
      Buffer.alloc(0),
    ]) {
      expect(() => openRecord({ dek, aad, blob: other })).toThrow(UnopenableError);
    }
  });

  it('refuses a valid ciphertext whose commitment names another key', () => {
    const blob = sealRecord({ dek, aad, plaintextBlock: randomBytes(32) });
    const derived = createHmac('sha512', createSecretKey(randomBytes(32)))
      .update('any')
      .digest();
    const cipher = createCipheriv('aes-256-gcm', derived.subarray(0, 32), blob.subarray(2, 14));
    const forged = Buffer.concat([
      blob.subarray(0, 46),
      cipher.update(randomBytes(32)),
      cipher.final(),
    ]);
    const sealed = Buffer.concat([forged, cipher.getAuthTag()]);
    expect(sealed).toHaveLength(RECORD_BLOB_BYTES);
    expect(() => openRecord({ dek, aad, blob: sealed })).toThrow(UnopenableError);
  });
});

describe('a block that is not canonical', () => {
  it.each([0, 1, 2, 15, 31])('is refused when byte %i differs', (at) => {
    const number = IndividualNumber.parse(`12345678901${checkDigitOf('12345678901')}`);
    const block = individualNumberBlock(number as IndividualNumber);
    block.writeUInt8(block.readUInt8(at) + 1, at);
    expect(() => individualNumberFromBlock(block)).toThrow(UnopenableError);
  });

  it('is refused when the check digit is wrong', () => {
    const number = IndividualNumber.parse(`12345678901${checkDigitOf('12345678901')}`);
    const block = individualNumberBlock(number as IndividualNumber);
    block.writeUInt8(0x30 + ((checkDigitOf('12345678901') + 1) % 10), 14);
    expect(() => individualNumberFromBlock(block)).toThrow(UnopenableError);
  });
});
