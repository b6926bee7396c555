import { createCipheriv } from 'node:crypto';

/** GF(2^128) as GCM has it: the most significant bit is the coefficient of x^0. */
const REDUCTION = 0xe1n << 120n;
const toField = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString('hex')}`);
const toBytes = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(32, '0'), 'hex');

function multiply(a: bigint, b: bigint): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = 127n; bit >= 0n; bit -= 1n) {
    if ((a >> bit) & 1n) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ REDUCTION : shifted >> 1n;
  }
  return product;
}

/** a^(2^128 - 2). */
function invert(a: bigint): bigint {
  let power = a;
  let inverse = 1n << 127n;
  for (let at = 1; at < 128; at += 1) {
    power = multiply(power, power);
    inverse = multiply(inverse, power);
  }
  return inverse;
}

function blockOf(key: Buffer, block: Buffer): bigint {
  return toField(createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(block));
}

/**
 * `ciphertext32 ‖ tag16` that AES-256-GCM opens under two keys: the second block is chosen so that both keys
 * give one tag.
 */
export function twoKeyCiphertext(keys: readonly [Buffer, Buffer], nonce: Buffer): Buffer {
  const [h1, h2] = keys.map((key) => blockOf(key, Buffer.alloc(16))) as [bigint, bigint];
  const counter = Buffer.concat([nonce, Buffer.of(0, 0, 0, 1)]);
  const [e1, e2] = keys.map((key) => blockOf(key, counter)) as [bigint, bigint];
  const length = 32n * 8n;
  const first = 0x0123456789abcdefn;
  const cube = (h: bigint) => multiply(h, multiply(h, h));
  const rest = multiply(first, cube(h1) ^ cube(h2)) ^ multiply(length, h1 ^ h2) ^ e1 ^ e2;
  const second = multiply(rest, invert(multiply(h1, h1) ^ multiply(h2, h2)));
  const tag =
    multiply(first, cube(h1)) ^ multiply(second, multiply(h1, h1)) ^ multiply(length, h1) ^ e1;
  return Buffer.concat([first, second, tag].map(toBytes));
}
