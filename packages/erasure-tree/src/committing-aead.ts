import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  timingSafeEqual,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { UnopenableError } from './unopenable-error.ts';

const CIPHER = 'aes-256-gcm';
/** Without an explicit length Node accepts tags as short as four bytes. */
const TAG = { authTagLength: 16 } as const;

export const COMMITMENT_BYTES = 32;
export const TAG_BYTES = 16;

type Sealing = {
  key: KeyObject;
  /** Bound into the derivation; holds a fresh random part, so that the derived key seals once only. */
  context: Buffer;
  nonce: Buffer;
};

/**
 * AES-256-GCM under a key derived for this one seal, with a commitment to that key. GCM alone does not
 * commit: one ciphertext can be built to open under two keys, and then "key destroyed" would not imply
 * "ciphertext dead". Returns `commitment32 ‖ ciphertext ‖ tag16`.
 */
export function sealCommitting({ key, context, nonce }: Sealing, plaintext: Uint8Array): Buffer {
  const derived = createHmac('sha512', key).update(context).digest();
  const cipher = createCipheriv(CIPHER, createSecretKey(derived.subarray(0, 32)), nonce, TAG);
  const body = cipher.update(plaintext);
  cipher.final();
  const sealed = Buffer.concat([derived.subarray(32), body, cipher.getAuthTag()]);
  derived.fill(0);
  return sealed;
}

/** The plaintext, or {@link UnopenableError}. The commitment is compared before anything is decrypted. */
export function openCommitting({ key, context, nonce }: Sealing, sealed: Buffer): Buffer {
  const derived = createHmac('sha512', key).update(context).digest();
  try {
    if (sealed.length < COMMITMENT_BYTES + TAG_BYTES) throw new UnopenableError();
    if (!timingSafeEqual(derived.subarray(32), sealed.subarray(0, COMMITMENT_BYTES))) {
      throw new UnopenableError();
    }
    return decrypt(derived, nonce, sealed);
  } finally {
    derived.fill(0);
  }
}

function decrypt(derived: Buffer, nonce: Buffer, sealed: Buffer): Buffer {
  const end = sealed.length - TAG_BYTES;
  const decipher = createDecipheriv(CIPHER, createSecretKey(derived.subarray(0, 32)), nonce, TAG);
  decipher.setAuthTag(sealed.subarray(end));
  const plaintext = decipher.update(sealed.subarray(COMMITMENT_BYTES, end));
  try {
    decipher.final();
  } catch {
    plaintext.fill(0);
    throw new UnopenableError();
  }
  return plaintext;
}
