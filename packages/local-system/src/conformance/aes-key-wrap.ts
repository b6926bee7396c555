import { createCipheriv, createDecipheriv } from 'node:crypto';
import { bytesOfHex } from './hex.ts';
import { type Suite, passedIf } from './suite.ts';
import { agrees, orRefused, testsOf, type WycheproofTest } from './wycheproof.ts';

type WrapTest = WycheproofTest & { key: string; msg: string; ct: string };
type Wrapping = { kek: string; key: string; wrapped: string };

const WRAP_IV = Buffer.alloc(8, 0xa6);
const PADDED_WRAP_IV = Buffer.from('a65959a6', 'hex');
const BLOCK_BYTES = 8;
const LEAST_WRAPPED_BYTES = 24;

const isWrappable = (bytes: Buffer): boolean => bytes.length % BLOCK_BYTES === 0;

function transformed(
  transform: { update: (data: Buffer) => Buffer; final: () => Buffer },
  data: Buffer,
): Buffer {
  return Buffer.concat([transform.update(data), transform.final()]);
}

/** RFC 3394. Lengths are checked here: node:crypto "unwraps" an empty text to an empty key. */
function unwrap(kek: Buffer, wrapped: Buffer): Buffer | undefined {
  if (wrapped.length < LEAST_WRAPPED_BYTES || !isWrappable(wrapped)) return undefined;
  return orRefused(() =>
    transformed(createDecipheriv(`id-aes${kek.length * 8}-wrap`, kek, WRAP_IV), wrapped),
  );
}

function wrap(kek: Buffer, key: Buffer): Buffer {
  return transformed(createCipheriv(`id-aes${kek.length * 8}-wrap`, kek, WRAP_IV), key);
}

/** Whether RFC 3394 gives the wrapped text, and the text gives the key back. */
export function wraps({ kek, key, wrapped }: Wrapping): boolean {
  const opened = unwrap(bytesOfHex(kek), bytesOfHex(wrapped));
  return (
    wrap(bytesOfHex(kek), bytesOfHex(key)).equals(bytesOfHex(wrapped)) &&
    opened?.equals(bytesOfHex(key)) === true
  );
}

/** The same for RFC 5649, whose keys may have any length. */
export function wrapsPadded({ kek, key, wrapped }: Wrapping): boolean {
  const kekBytes = bytesOfHex(kek);
  const name = `id-aes${kekBytes.length * 8}-wrap-pad`;
  const made = transformed(createCipheriv(name, kekBytes, PADDED_WRAP_IV), bytesOfHex(key));
  const opened = transformed(createDecipheriv(name, kekBytes, PADDED_WRAP_IV), bytesOfHex(wrapped));
  return made.equals(bytesOfHex(wrapped)) && opened.equals(bytesOfHex(key));
}

function isTaken(test: WrapTest): boolean {
  const opened = unwrap(bytesOfHex(test.key), bytesOfHex(test.ct));
  return opened !== undefined && opened.equals(bytesOfHex(test.msg));
}

export const aesKeyWrap: Suite = {
  matches: /(^|\/)wycheproof\/aes_wrap_test\.json$/,
  cases: (data) =>
    testsOf<object, WrapTest>(data).map(({ test }) => ({
      name: `tcId ${test.tcId}`,
      judge: () => passedIf(agrees(test.result, isTaken(test))),
    })),
};
