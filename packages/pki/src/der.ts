import forge from 'node-forge';

const { asn1, util } = forge;
const { Class, Type } = asn1;

export type Node = forge.asn1.Asn1;

export const sequence = (...children: Node[]): Node =>
  asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, children);
export const set = (...children: Node[]): Node =>
  asn1.create(Class.UNIVERSAL, Type.SET, true, children);
export const utf8 = (text: string): Node =>
  asn1.create(Class.UNIVERSAL, Type.UTF8, false, util.encodeUtf8(text));
export const integer = (bytes: Buffer): Node => primitive(Type.INTEGER, bytes);
export const octets = (bytes: Buffer): Node => primitive(Type.OCTETSTRING, bytes);
export const bits = (bytes: Buffer, unused = 0): Node =>
  primitive(Type.BITSTRING, Buffer.concat([Buffer.of(unused), bytes]));
export const truth = (): Node => primitive(Type.BOOLEAN, Buffer.of(0xff));
export const objectIdentifier = (dotted: string): Node => primitive(Type.OID, oidBytes(dotted));

/** `[number]` constructed, as EXPLICIT and IMPLICIT SEQUENCE tags are. */
export const tagged = (number: number, ...children: Node[]): Node =>
  asn1.create(Class.CONTEXT_SPECIFIC, number as forge.asn1.Type, true, children);
/** `[number]` primitive, as the choices of GeneralName are. */
export const taggedBytes = (number: number, bytes: Buffer): Node =>
  asn1.create(Class.CONTEXT_SPECIFIC, number as forge.asn1.Type, false, bytes.toString('binary'));

/** RFC 5280 §4.1.2.5: UTCTime until 2049, GeneralizedTime from 2050. */
export function time(instant: number): Node {
  const date = new Date(instant);
  return date.getUTCFullYear() < 2050
    ? asn1.create(Class.UNIVERSAL, Type.UTCTIME, false, asn1.dateToUtcTime(date))
    : asn1.create(Class.UNIVERSAL, Type.GENERALIZEDTIME, false, asn1.dateToGeneralizedTime(date));
}

export const encode = (node: Node): Buffer => Buffer.from(asn1.toDer(node).getBytes(), 'binary');
export const decode = (der: Buffer): Node =>
  asn1.fromDer(util.createBuffer(der.toString('binary')));

export function toPem(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** Content bytes of an OBJECT IDENTIFIER. Arcs are big integers: under 2.25 an arc is a whole UUID. */
export function oidBytes(dotted: string): Buffer {
  const [first, second, ...rest] = dotted.split('.').map(BigInt);
  if (first === undefined || second === undefined)
    throw new TypeError('an OID has two arcs or more');
  return Buffer.from([first * 40n + second, ...rest].flatMap(base128));
}

function base128(arc: bigint): number[] {
  const bytes = [Number(arc & 0x7fn)];
  for (let left = arc >> 7n; left > 0n; left >>= 7n) bytes.unshift(Number(left & 0x7fn) | 0x80);
  return bytes;
}

function primitive(type: forge.asn1.Type, bytes: Buffer): Node {
  return asn1.create(Class.UNIVERSAL, type, false, bytes.toString('binary'));
}
