import { type KeyObject, randomBytes, sign } from 'node:crypto';
import {
  bits,
  decode,
  encode,
  integer,
  type Node,
  objectIdentifier,
  sequence,
  set,
  tagged,
  time,
  toPem,
  utf8,
} from './der.ts';

/** The parts of a name we use, in the order they are written. */
export type DistinguishedName = { organization?: string; commonName: string };

const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const DAY = 86_400_000;
/** Peers whose clock is a little behind accept a new certificate. */
const BACKDATED = 300_000;

export const signatureAlgorithm = (): Node => sequence(objectIdentifier(ECDSA_WITH_SHA256));

export function name({ organization, commonName }: DistinguishedName): Node {
  const part = (oid: string, text: string) => set(sequence(objectIdentifier(oid), utf8(text)));
  const parts = [part(COMMON_NAME, commonName)];
  return sequence(
    ...(organization === undefined ? [] : [part(ORGANIZATION, organization)]),
    ...parts,
  );
}

export type Validity = { now: number; days: number };

/** Signs a version 3 certificate (RFC 5280 §4.1) with a P-256 key and returns it as PEM. */
export function signCertificate(parts: {
  issuer: Node;
  subject: Node;
  publicKey: KeyObject;
  validity: Validity;
  extensions: Node;
  signingKey: KeyObject;
}): string {
  const { now, days } = parts.validity;
  const toBeSigned = sequence(
    tagged(0, integer(Buffer.of(2))),
    integer(serialNumber()),
    signatureAlgorithm(),
    parts.issuer,
    sequence(time(now - BACKDATED), time(now + days * DAY)),
    parts.subject,
    decode(parts.publicKey.export({ type: 'spki', format: 'der' })),
    parts.extensions,
  );
  return toPem('CERTIFICATE', signed(toBeSigned, parts.signingKey));
}

/** `SEQUENCE { content, algorithm, signature }`, the shape of certificates and of requests. */
export function signed(content: Node, key: KeyObject): Buffer {
  const signature = sign('sha256', encode(content), key);
  return encode(sequence(content, signatureAlgorithm(), bits(signature)));
}

/** 126 random bits; positive, and always sixteen bytes long. */
function serialNumber(): Buffer {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}
