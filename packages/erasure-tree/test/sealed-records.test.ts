import {
  createDecipheriv,
  createHash,
  createHmac,
  createSecretKey,
  randomBytes,
  randomUUID,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
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
import { twoKeyCiphertext } from './two-key-ciphertext.ts';

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

  it('opens under one key even when its ciphertext was built to open under two', () => {
    const deks = [randomBytes(32), randomBytes(32)];
    const nonce = randomBytes(12);
    const derived = deks.map((raw) => derivedFrom(raw, nonce));
    const keys = derived.map((okm) => okm.subarray(0, 32)) as [Buffer, Buffer];
    const sealed = twoKeyCiphertext(keys, nonce);
    for (const key of keys) expect(() => openGcm(key, nonce, sealed)).not.toThrow();

    const opensUnder = derived.map((okm) => {
      const blob = Buffer.concat([Buffer.of(1, 1), nonce, okm.subarray(32), sealed]);
      return deks.map((raw) => opens(createSecretKey(raw), blob));
    });

    expect(opensUnder).toEqual([
      [true, false],
      [false, true],
    ]);
  });
});

function opens(key: KeyObject, blob: Buffer): boolean {
  try {
    return openRecord({ dek: key, aad, blob }).length === 32;
  } catch (error) {
    expect(error).toBeInstanceOf(UnopenableError);
    return false;
  }
}

/** What the record format derives from a key: the cipher's key, then the commitment. */
function derivedFrom(raw: Buffer, nonce: Buffer): Buffer {
  const bound = Buffer.concat([
    Buffer.from('mnv1'),
    ...[aad.deployment, aad.tenantId].map((text) =>
      Buffer.from(`\0${String.fromCharCode(text.length)}${text}`),
    ),
    Buffer.from(aad.recordId.replaceAll('-', ''), 'hex'),
    Buffer.from(aad.position.toString(16).padStart(16, '0'), 'hex'),
    Buffer.from(`\0${String.fromCharCode(aad.field.length)}${aad.field}`),
    Buffer.of(1),
  ]);
  const digest = createHash('sha256').update(bound).digest();
  return createHmac('sha512', raw).update('mnv/rec/v1').update(nonce).update(digest).digest();
}

function openGcm(key: Buffer, nonce: Buffer, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
  decipher.setAuthTag(sealed.subarray(32));
  return Buffer.concat([decipher.update(sealed.subarray(0, 32)), decipher.final()]);
}

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
