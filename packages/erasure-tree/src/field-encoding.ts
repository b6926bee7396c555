import { hash } from 'node:crypto';

const TWO_32 = 0x1_0000_0000;

/** One byte. */
export function u8(value: number): Buffer {
  return Buffer.of(value);
}

/** Big-endian, four bytes. */
export function u32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Big-endian, eight bytes. The value is a safe integer: positions and indices stay below 2^53. */
export function u64(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  writeU64(bytes, value, 0);
  return bytes;
}

/** Writes {@link u64} in place, for paths that hash thousands of positions. */
export function writeU64(bytes: Buffer, value: number, at: number): void {
  bytes.writeUInt32BE(Math.floor(value / TWO_32), at);
  bytes.writeUInt32BE(value % TWO_32, at + 4);
}

/** UTF-8 with its length in two bytes before it: two texts never encode to the same bytes. */
export function lengthPrefixed(text: string): Buffer {
  const bytes = Buffer.allocUnsafe(2 + Buffer.byteLength(text));
  writeLengthPrefixed(bytes, text, 0);
  return bytes;
}

/** Writes {@link lengthPrefixed} in place; returns where the next field begins. */
export function writeLengthPrefixed(bytes: Buffer, text: string, at: number): number {
  const length = bytes.write(text, at + 2, 'utf8');
  bytes.writeUInt16BE(length, at);
  return at + 2 + length;
}

/** SHA-256 of one buffer. By way of a text of one byte a character, which is half the work of asking for bytes. */
export function sha256(bytes: Uint8Array): Buffer {
  return Buffer.from(hash('sha256', bytes, 'binary'), 'latin1');
}
