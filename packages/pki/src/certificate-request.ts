import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import {
  decode,
  encode,
  integer,
  objectIdentifier,
  oidBytes,
  sequence,
  set,
  tagged,
  toPem,
} from './der.ts';
import { type Element, readElements } from './der-reader.ts';
import { type Names, subjectAltName } from './extensions.ts';
import { name, signatureAlgorithm, signed } from './sign-certificate.ts';

export type CertificateRequest = { publicKey: KeyObject; uris: string[]; dns: string[] };

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const SUBJECT_ALT_NAME = oidBytes('2.5.29.17');
const SEQUENCE = 0x30;
const BIT_STRING = 0x03;
const DNS_NAME = 0x82;
const URI_NAME = 0x86;
const ARMOUR =
  /^-----BEGIN CERTIFICATE REQUEST-----\n([A-Za-z0-9+/=\n]+)-----END CERTIFICATE REQUEST-----\n$/;

/** A PKCS#10 request (RFC 2986, PEM) for a P-256 key. Names go into the subject alternative name. */
export function createRequest(
  options: { publicKey: KeyObject; privateKey: KeyObject; subject: string } & Names,
): string {
  const names = subjectAltName(options);
  const attribute = sequence(objectIdentifier(EXTENSION_REQUEST), set(sequence(...names)));
  const information = sequence(
    integer(Buffer.of(0)),
    name({ commonName: options.subject }),
    spki(options.publicKey),
    tagged(0, ...(names.length === 0 ? [] : [attribute])),
  );
  return toPem('CERTIFICATE REQUEST', signed(information, options.privateKey));
}

/**
 * Reads a request and checks that its sender holds the key. The names are only wishes: the caller decides
 * which of them to certify. Throws for anything but a P-256 request that signs itself.
 */
export function readRequest(pem: string): CertificateRequest {
  const { information, signature } = openSigned(pem);
  const [, , key, attributes] = childrenOf(information);
  if (key === undefined) throw new TypeError('a request has a public key');
  const publicKey = createPublicKey({ key: key.raw, format: 'der', type: 'spki' });
  if (publicKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new TypeError('not P-256');
  if (!verify('sha256', information.raw, publicKey, signature)) {
    throw new TypeError('the request is not signed by its key');
  }
  return { publicKey, ...requestedNames(attributes) };
}

function openSigned(pem: string): { information: Element; signature: Buffer } {
  const base64 = ARMOUR.exec(pem)?.[1];
  if (base64 === undefined) throw new TypeError('not a PEM certificate request');
  const [information, algorithm, signature] = childrenOf(only(Buffer.from(base64, 'base64')));
  if (information === undefined || !algorithm?.raw.equals(encode(signatureAlgorithm()))) {
    throw new TypeError('a request is signed with ECDSA and SHA-256');
  }
  if (signature?.tag !== BIT_STRING || signature.content[0] !== 0) {
    throw new TypeError('a signature is a whole number of bytes');
  }
  return { information, signature: signature.content.subarray(1) };
}

function requestedNames(attributes: Element | undefined): { uris: string[]; dns: string[] } {
  const extensions = attributes === undefined ? [] : extensionsOf(attributes);
  const names = extensions.find(([oid]) => oid?.content.equals(SUBJECT_ALT_NAME))?.at(-1);
  const list = names === undefined ? [] : childrenOf(only(names.content));
  const withTag = (tag: number) =>
    list.filter((item) => item.tag === tag).map((item) => item.content.toString('latin1'));
  return { uris: withTag(URI_NAME), dns: withTag(DNS_NAME) };
}

/** Attributes → extensionRequest → its SET of one SEQUENCE of extensions, each as its elements. */
function extensionsOf(attributes: Element): Element[][] {
  const wanted = oidBytes(EXTENSION_REQUEST);
  const attribute = childrenOf(attributes)
    .map(childrenOf)
    .find(([oid]) => oid?.content.equals(wanted));
  const list = attribute?.[1] === undefined ? undefined : childrenOf(attribute[1])[0];
  return list === undefined ? [] : childrenOf(list).map(childrenOf);
}

const childrenOf = (element: Element): Element[] => readElements(element.content);

function only(der: Buffer): Element {
  const [element, ...more] = readElements(der);
  if (element?.tag !== SEQUENCE || more.length > 0) throw new TypeError('not one DER sequence');
  return element;
}

const spki = (key: KeyObject) => decode(key.export({ type: 'spki', format: 'der' }));
