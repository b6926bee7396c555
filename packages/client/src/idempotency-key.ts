import { randomUUID } from 'node:crypto';

const LETTERS = 'ghijklmnop';

/**
 * A fresh idempotency key: a random UUID with letters for digits, because a key may not hold twelve digits in
 * a row (that could be an Individual Number) and one UUID in 280 ends in twelve.
 */
export function newIdempotencyKey(): string {
  return randomUUID().replaceAll(/[0-9]/g, (digit) => LETTERS.charAt(Number(digit)));
}

/** The key of one chunk of a batch, named by its place: the same rows have the same key after a restart. */
export function chunkKey(batchKey: string, firstLine: number): string {
  return `${batchKey}-${firstLine}`;
}
