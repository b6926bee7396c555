import { createHash } from 'node:crypto';

/** One way in which something secret can stand in a file. */
export interface SecretForm {
  /** Which secret, from 0. */
  readonly at: number;
  readonly form: string;
  readonly bytes: Buffer;
}

const DIGEST_ALGORITHMS = ['sha256', 'sha512', 'sha1', 'md5'] as const;

/**
 * Every form in which an Individual Number is looked for: the digits as text in several encodings, as numbers in
 * binary, as an encoding of either, and as a digest.
 */
export function formsOfNumber(number: string, at: number): SecretForm[] {
  const texts: [string, string][] = [
    ['', number],
    [' in groups by spaces', inGroups(number, ' ')],
    [' in groups by hyphens', inGroups(number, '-')],
    [' full-width', fullWidth(number)],
  ];
  const forms: [string, Buffer][] = [
    ...texts.flatMap(([kind, text]): [string, Buffer][] => [
      [`UTF-8${kind}`, Buffer.from(text, 'utf8')],
      [`UTF-16 LE${kind}`, Buffer.from(text, 'utf16le')],
      [`UTF-16 BE${kind}`, Buffer.from(text, 'utf16le').swap16()],
    ]),
    ...encodedForms('', Buffer.from(number, 'latin1')),
    ['packed BCD', Buffer.from(number, 'hex')],
    ...binaryForms(number),
    ...DIGEST_ALGORITHMS.flatMap((algorithm) => digestForms(algorithm, number)),
  ];
  return forms.map(([form, bytes]) => ({ at, form, bytes }));
}

/** The digests of a body that held a number: what an index or a cache over requests would keep. */
export function formsOfBody(body: string | Uint8Array, at: number): SecretForm[] {
  const forms = digestForms('sha256', body);
  return forms.map(([form, bytes]) => ({ at, form: `${form} of a body`, bytes }));
}

function inGroups(number: string, separator: string): string {
  return [number.slice(0, 4), number.slice(4, 8), number.slice(8)].join(separator);
}

function fullWidth(digits: string): string {
  return digits.replaceAll(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
}

function binaryForms(number: string): [string, Buffer][] {
  const [le, be, doubleLe, doubleBe] = [0, 1, 2, 3].map(() => Buffer.alloc(8)) as [
    Buffer,
    Buffer,
    Buffer,
    Buffer,
  ];
  le.writeBigInt64LE(BigInt(number));
  be.writeBigInt64BE(BigInt(number));
  doubleLe.writeDoubleLE(Number(number));
  doubleBe.writeDoubleBE(Number(number));
  return [
    ['int64 LE', le],
    ['int64 BE', be],
    ['double LE', doubleLe],
    ['double BE', doubleBe],
  ];
}

function digestForms(algorithm: string, secret: string | Uint8Array): [string, Buffer][] {
  const digest = createHash(algorithm).update(secret).digest();
  const base64url = digest.toString('base64url');
  return [
    [algorithm, digest],
    ...encodedForms(algorithm, digest),
    [`${algorithm} base64url`, Buffer.from(base64url)],
  ];
}

/** Hex in both cases, and base64 wherever the bytes begin in what was encoded: three offsets. */
function encodedForms(kind: string, bytes: Buffer): [string, Buffer][] {
  const hex = bytes.toString('hex');
  return [
    [`${kind} hex`.trim(), Buffer.from(hex)],
    [`${kind} hex`.trim(), Buffer.from(hex.toUpperCase())],
    ...[0, 1, 2].map((offset): [string, Buffer] => [
      `${kind} base64, offset ${offset}`.trim(),
      Buffer.from(base64At(bytes, offset)),
    ]),
  ];
}

/** The characters that depend on these bytes alone, when so many others stand before them. */
function base64At(bytes: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
  return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
}
