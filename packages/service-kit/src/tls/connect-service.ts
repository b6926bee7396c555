import { X509Certificate } from 'node:crypto';
import type { PeerCertificate } from 'node:tls';
import { Pool } from 'undici';
import type { ProblemCode } from '@mnv/core';
import type { TlsIdentity } from './identity.ts';
import { SERVER_AUTHENTICATION, readPeer } from './peer.ts';
import { WRONG_SERVICE } from './service-call-error.ts';

const CONNECTIONS = 16;
const CONNECT_MS = 1_000;

export type ServiceClientOptions = {
  identity: TlsIdentity;
  /** `https://host:port` */
  origin: string;
  /** The URI name the other side's certificate must have. Its DNS names are not looked at. */
  expectedUri: string;
  connections?: number;
  /** The refusal a caller gets when no answer came. */
  unavailable?: ProblemCode;
};

/** Connections to one service: mutual TLS 1.3, no resumption. An answer over the bound is cut off. */
export function connectService(
  { identity, origin, expectedUri, connections = CONNECTIONS }: ServiceClientOptions,
  maxAnswerBytes: number,
): Pool {
  const { certificate, key, ca } = identity.current();
  return new Pool(origin, {
    connections,
    pipelining: 1,
    maxCachedSessions: 0,
    maxResponseSize: maxAnswerBytes,
    connectTimeout: CONNECT_MS,
    connect: {
      cert: certificate,
      key,
      ca,
      minVersion: 'TLSv1.3',
      maxVersion: 'TLSv1.3',
      rejectUnauthorized: true,
      checkServerIdentity: (_host: string, shown: PeerCertificate) =>
        wrongService(shown, expectedUri),
    },
  });
}

/** Runs after the chain was verified. The URI names the service; a host name would only name a place. */
function wrongService(shown: PeerCertificate, expectedUri: string): Error | undefined {
  const peer = readPeer(new X509Certificate(shown.raw), SERVER_AUTHENTICATION);
  if (peer?.uri === expectedUri) return undefined;
  return Object.assign(new Error('the certificate names another service'), { code: WRONG_SERVICE });
}
