import { X509Certificate } from 'node:crypto';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;
const BEGINNING = /-----BEGIN /g;

/**
 * The certificates of a PEM text, in order. Throws when there is none, one is cut short, or there is anything
 * else: TLS also trusts certificates under other labels, and passes silently over what it cannot read.
 */
export function certificatesIn(pem: string): X509Certificate[] {
  const found = [...pem.matchAll(CERTIFICATE)];
  if (found.length === 0 || found.length !== (pem.match(BEGINNING) ?? []).length) {
    throw new Error('not a list of whole certificates');
  }
  return found.map(([, base64 = '']) => new X509Certificate(Buffer.from(base64, 'base64')));
}
