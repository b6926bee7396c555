import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';

/**
 * The certificate of this connection, if TLS verified it, it is still valid and it names the URI.
 * A certificate of another client is no certificate: tokens are never bound to somebody else's key.
 */
export function certificateNaming(
  uri: string,
  request: IncomingMessage,
): X509Certificate | undefined {
  const { socket } = request;
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined || Date.parse(certificate.validTo) <= Date.now()) return undefined;
  const names = (certificate.subjectAltName ?? '').split(', ');
  return names.includes(`URI:${uri}`) ? certificate : undefined;
}
