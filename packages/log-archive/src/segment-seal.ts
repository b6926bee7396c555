import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createSecretKey,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import type { SegmentPlace } from './segment.ts';

const VERSION = 1;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PURPOSES = { key: 'mnv segment key', entries: 'mnv segment entries' } as const;

/** What was sealed does not open: another key, another place, or bytes that were changed. */
export class UnopenableSegmentError extends Error {
  override readonly name = 'UnopenableSegmentError';
}

/** The key of one segment. `id` is in the name of what it sealed, so that a lost key never blocks the name. */
export type SegmentKey = { key: KeyObject; id: string };

/** A fresh key for a segment, sealed under the archive key as it is kept. */
export function newSealedKey(archiveKey: KeyObject, place: SegmentPlace): Buffer {
  const bytes = randomBytes(KEY_BYTES);
  const sealed = seal(archiveKey, bytes, context('key', place));
  bytes.fill(0);
  return sealed;
}

/** @throws UnopenableSegmentError */
export function openSegmentKey(
  archiveKey: KeyObject,
  sealed: Uint8Array,
  place: SegmentPlace,
): SegmentKey {
  const bytes = open(archiveKey, sealed, context('key', place));
  if (bytes.length !== KEY_BYTES) throw new UnopenableSegmentError();
  const id = createHash('sha256').update(sealed).digest('hex').slice(0, 16);
  return { key: createSecretKey(bytes), id };
}

/** Entries of a segment, sealed for its place. A key seals one segment only, so random nonces never meet. */
export function sealEntries({ key }: SegmentKey, bytes: Uint8Array, place: SegmentPlace): Buffer {
  return seal(key, bytes, context('entries', place));
}

/** @throws UnopenableSegmentError */
export function openEntries({ key }: SegmentKey, sealed: Uint8Array, place: SegmentPlace): Buffer {
  return open(key, sealed, context('entries', place));
}

function context(purpose: keyof typeof PURPOSES, { logId, idx }: SegmentPlace): Buffer {
  return Buffer.from([PURPOSES[purpose], logId, idx].join('\0'));
}

/** version(1) ‖ nonce(12) ‖ ciphertext ‖ tag(16); the version is authenticated. */
function seal(key: KeyObject, bytes: Uint8Array, about: Buffer): Buffer {
  const head = Buffer.concat([Buffer.from([VERSION]), randomBytes(NONCE_BYTES)]);
  const cipher = createCipheriv('aes-256-gcm', key, head.subarray(1));
  cipher.setAAD(Buffer.concat([head.subarray(0, 1), about]));
  return Buffer.concat([head, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
}

function open(key: KeyObject, sealed: Uint8Array, about: Buffer): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const start = 1 + NONCE_BYTES;
  if (bytes[0] !== VERSION || bytes.length < start + TAG_BYTES) throw new UnopenableSegmentError();
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, start), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.concat([bytes.subarray(0, 1), about]));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(start, -TAG_BYTES)), decipher.final()]);
  } catch {
    throw new UnopenableSegmentError();
  }
}
