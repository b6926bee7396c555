import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ecdsaSignatureAsDer } from '../src/ecdsa-signature-as-der.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const coordinate = fc.tuple(fc.nat(32), fc.uint8Array({ minLength: 32, maxLength: 32 }));

/** A coordinate with so many leading zero bytes. */
const zeroed = ([zeros, bytes]: [number, Uint8Array]) => Buffer.from(bytes).fill(0, 0, zeros);

/** Reads DER back by its own lengths: two integers in a sequence, as big numbers. */
function readDer(der: Buffer): bigint[] {
  expect([der[0], der[1]]).toEqual([0x30, der.length - 2]);
  const values: bigint[] = [];
  for (let at = 2; at < der.length; ) {
    const length = der[at + 1]!;
    const digits = der.subarray(at + 2, at + 2 + length);
    expect(der[at]).toBe(0x02);
    expect(digits[0]! & 0x80).toBe(0);
    expect(length > 1 && digits[0] === 0 && digits[1]! < 0x80).toBe(false);
    values.push(BigInt(`0x${digits.toString('hex')}`));
    at += 2 + length;
  }
  return values;
}

describe('an ECDSA signature as DER', () => {
  it('verifies exactly what the signature over the same bytes verifies', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(63), (message, at) => {
        const signature = sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
        const altered = Buffer.from(signature);
        altered[at]! ^= 1;

        expect(verify('sha256', message, publicKey, ecdsaSignatureAsDer(signature)!)).toBe(true);
        expect(verify('sha256', message, publicKey, ecdsaSignatureAsDer(altered)!)).toBe(false);
      }),
    );
  });

  it('holds both numbers in their shortest positive form, whatever zeros they begin with', () => {
    fc.assert(
      fc.property(coordinate, coordinate, (r, s) => {
        const [left, right] = [zeroed(r), zeroed(s)];

        const der = ecdsaSignatureAsDer(Buffer.concat([left, right]));

        expect(readDer(der!)).toEqual(
          [left, right].map((bytes) => BigInt(`0x${bytes.toString('hex')}`)),
        );
      }),
    );
  });

  it('does not exist for a signature of any other length than 64 bytes', () => {
    for (const length of [0, 32, 63, 65, 72, 128]) {
      expect(ecdsaSignatureAsDer(new Uint8Array(length).fill(1))).toBeUndefined();
    }
  });
});
