import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { commitTo, opensCommitment } from '../src/index.ts';

const anySecret = fc.string({ unit: 'grapheme', maxLength: 60 });

describe('a commitment', () => {
  it('is opened by its nonce for its secret, and for no other', () => {
    fc.assert(
      fc.property(anySecret, anySecret, (secret, other) => {
        const committed = commitTo(secret);
        expect(opensCommitment(committed, secret)).toBe(true);
        expect(opensCommitment(committed, other)).toBe(other === secret);
      }),
    );
  });

  it('of the same secret is another one each time', () => {
    expect(commitTo('t-001').commitment).not.toBe(commitTo('t-001').commitment);
  });

  it('is not opened by another nonce, nor by one that took a part of the secret', () => {
    const { commitment, nonce } = commitTo('secret');
    const longer = Buffer.concat([Buffer.from(nonce, 'base64url'), Buffer.from('s')]);
    const nonces = [randomBytes(32), longer].map((bytes) => bytes.toString('base64url'));
    expect(opensCommitment({ commitment, nonce: nonces[0] ?? '' }, 'secret')).toBe(false);
    expect(opensCommitment({ commitment, nonce: nonces[1] ?? '' }, 'ecret')).toBe(false);
    expect(opensCommitment({ commitment: '', nonce }, 'secret')).toBe(false);
  });
});
