import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { UnopenableError } from './unopenable-error.ts';

const TAG = { authTagLength: 16 } as const;
const HEADER = Buffer.of(1, 1);
const NONCE_END = 14;

/** `01 ‖ 01 ‖ nonce12 ‖ ciphertext ‖ tag16`. A root version makes a few seals in its life: random nonces are safe. */
export function sealUnderRoot(key: KeyObject, secret: Uint8Array, context: Uint8Array): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, TAG).setAAD(context);
  return Buffer.concat([HEADER, nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
}

/** The secret, or {@link UnopenableError}. */
export function openUnderRoot(key: KeyObject, sealed: Uint8Array, context: Uint8Array): Buffer {
  const blob = Buffer.from(sealed);
  if (blob.length < NONCE_END + 16 || !blob.subarray(0, 2).equals(HEADER))
    throw new UnopenableError();
  const end = blob.length - 16;
  const decipher = createDecipheriv('aes-256-gcm', key, blob.subarray(2, NONCE_END), TAG);
  decipher.setAAD(context).setAuthTag(blob.subarray(end));
  const secret = decipher.update(blob.subarray(NONCE_END, end));
  try {
    decipher.final();
  } catch {
    throw new UnopenableError();
  }
  return secret;
}
