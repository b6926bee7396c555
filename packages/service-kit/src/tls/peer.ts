import { type KeyObject, type X509Certificate, createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { Refusal } from '@mnv/core';

/** The other side of a connection, as its verified certificate names it. */
export type Peer = {
  /** Its one URI subject alternative name. The common name is never looked at. */
  uri: string;
  certificateDer: Buffer;
  /** SHA-256 of the certificate, base64url (RFC 8705 §3.1). */
  x5t: string;
  publicKey: KeyObject;
  /** Milliseconds since the epoch. */
  validFrom: number;
  validTo: number;
};

export const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
export const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';
const URI = /^[a-z][a-z0-9+.-]*:[A-Za-z0-9._~:/-]+$/;

/**
 * Reads a certificate that TLS has verified. Undefined unless it has exactly one URI name, written plainly,
 * and names the wanted extended key usage.
 */
export function readPeer(certificate: X509Certificate, usage: string): Peer | undefined {
  const uri = onlyUriOf(certificate.subjectAltName ?? '');
  if (uri === undefined || !(certificate.keyUsage ?? []).includes(usage)) return undefined;
  const certificateDer = certificate.raw;
  return {
    uri,
    certificateDer,
    x5t: createHash('sha256').update(certificateDer).digest('base64url'),
    publicKey: certificate.publicKey,
    validFrom: Date.parse(certificate.validFrom),
    validTo: Date.parse(certificate.validTo),
  };
}

/** OpenSSL quotes a name that holds what could be mistaken for another name: such a list is refused whole. */
function onlyUriOf(subjectAltName: string): string | undefined {
  if (subjectAltName.includes('"')) return undefined;
  const uris = subjectAltName.split(', ').filter((name) => name.startsWith('URI:'));
  const [uri] = uris.map((name) => name.slice('URI:'.length));
  return uris.length === 1 && uri !== undefined && URI.test(uri) ? uri : undefined;
}

/** Whether a URI is on a list of exact URIs and of `prefix/*`, where the star is one segment. */
export function isListed(uri: string, list: readonly string[]): boolean {
  return list.some((entry) => {
    if (!entry.endsWith('/*')) return entry === uri;
    const prefix = entry.slice(0, -1);
    return uri.startsWith(prefix) && /^[A-Za-z0-9._~-]+$/.test(uri.slice(prefix.length));
  });
}

const peers = new WeakMap<object, Peer>();

/** Remembers who is at the other end of a socket, once per connection. */
export function rememberPeer(socket: TLSSocket, peer: Peer): void {
  peers.set(socket, peer);
}

/** The peer of a socket, or undefined when it showed no certificate. */
export function findPeer(socket: object): Peer | undefined {
  return peers.get(socket);
}

/** The peer of a request. Throws Refusal `not-permitted` when its connection has none. */
export function peerOf(req: Pick<IncomingMessage, 'socket'>): Peer {
  const peer = findPeer(req.socket);
  if (peer === undefined) throw new Refusal('not-permitted', 'A client certificate is required.');
  return peer;
}
