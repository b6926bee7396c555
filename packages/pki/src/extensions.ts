import { createHash, type KeyObject } from 'node:crypto';
import {
  bits,
  encode,
  integer,
  type Node,
  objectIdentifier,
  octets,
  sequence,
  tagged,
  taggedBytes,
  truth,
} from './der.ts';
import { DEVELOPMENT_POLICY_OID } from './development-policy.ts';

/** What a leaf certificate may be used for in a TLS handshake. */
export type Usage = 'server' | 'client' | 'both';

export type Names = { uris?: readonly string[]; dns?: readonly string[] };

const OID = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  certificatePolicies: '2.5.29.32',
  authorityKeyIdentifier: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
};
const PURPOSE = { server: ['1.3.6.1.5.5.7.3.1'], client: ['1.3.6.1.5.5.7.3.2'] };
const PURPOSES = { ...PURPOSE, both: [...PURPOSE.server, ...PURPOSE.client] };
/** GeneralName choices, RFC 5280 §4.2.1.6. */
const DNS_NAME = 2;
const URI_NAME = 6;

/** An authority that issues leaves only (`pathLen` 0). */
export const basicConstraintsOfAuthority = (): Node =>
  critical(OID.basicConstraints, sequence(truth(), integer(Buffer.of(0))));
export const basicConstraintsOfLeaf = (): Node => critical(OID.basicConstraints, sequence());
export const keyUsageOfAuthority = (): Node =>
  critical(OID.keyUsage, bits(Buffer.of(0b0000_0110), 1)); // keyCertSign, cRLSign
export const keyUsageOfLeaf = (): Node => critical(OID.keyUsage, bits(Buffer.of(0b1000_0000), 7)); // digitalSignature
export const extendedKeyUsage = (usage: Usage): Node =>
  plain(OID.extKeyUsage, sequence(...PURPOSES[usage].map(objectIdentifier)));
export const developmentPolicy = (): Node =>
  critical(OID.certificatePolicies, sequence(sequence(objectIdentifier(DEVELOPMENT_POLICY_OID))));
export const subjectKeyIdentifier = (key: KeyObject): Node =>
  plain(OID.subjectKeyIdentifier, octets(keyIdentifier(key)));
export const authorityKeyIdentifier = (key: KeyObject): Node =>
  plain(OID.authorityKeyIdentifier, sequence(taggedBytes(0, keyIdentifier(key))));

export function subjectAltName({ uris = [], dns = [] }: Names): Node[] {
  const names = [
    ...dns.map((name) => taggedBytes(DNS_NAME, ascii(name))),
    ...uris.map((uri) => taggedBytes(URI_NAME, ascii(uri))),
  ];
  return names.length === 0 ? [] : [plain(OID.subjectAltName, sequence(...names))];
}

export const extensions = (...list: Node[]): Node => tagged(3, sequence(...list));

function ascii(text: string): Buffer {
  if (!/^[\x21-\x7e]+$/.test(text))
    throw new TypeError('a name in a certificate is printable ASCII');
  return Buffer.from(text, 'ascii');
}

/** RFC 7093 §2 method 1: the leftmost 160 bits of SHA-256 of the public key. */
function keyIdentifier(key: KeyObject): Buffer {
  const spki = key.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest().subarray(0, 20);
}

function critical(oid: string, value: Node): Node {
  return sequence(objectIdentifier(oid), truth(), octets(encode(value)));
}

function plain(oid: string, value: Node): Node {
  return sequence(objectIdentifier(oid), octets(encode(value)));
}
