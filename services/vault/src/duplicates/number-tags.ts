import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import type { IndividualNumber } from '@mnv/core';

/** By which a number and a person are known again under one key: 64 and 32 bits, no more is needed. */
export type Tags = { high: number; low: number; person: number };

export type NumberTags = (number: IndividualNumber, individualRef: string) => Tags;

const KEY_BYTES = 32;
const NUMBER = Buffer.of(1);
const PERSON = Buffer.of(2);

/**
 * HMAC-SHA-256 under a key of its own that lives in this process alone. Without the key a tag says nothing of
 * its number; with it, a number is guessed: tags are never stored, sent or printed, and end with the key.
 */
export function makeNumberTags(): NumberTags {
  const bytes = randomBytes(KEY_BYTES);
  const key = createSecretKey(bytes);
  bytes.fill(0);
  const tagOf = (kind: Buffer, text: string) =>
    createHmac('sha256', key).update(kind).update(text, 'utf8').digest();
  return (number, individualRef) => {
    const tag = tagOf(NUMBER, number.reveal());
    const person = tagOf(PERSON, individualRef).readUInt32LE(0);
    const [high, low] = [tag.readUInt32LE(0), tag.readUInt32LE(4)];
    tag.fill(0);
    // Zeros mark a free place in the table.
    return { high, low: high === 0 && low === 0 ? 1 : low, person };
  };
}
