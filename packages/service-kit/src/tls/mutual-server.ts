import { constants } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';
import { type Server, type ServerOptions, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '@mnv/core';
import type { TlsIdentity, TlsMaterial } from './identity.ts';
import { OpenConnections } from './open-connections.ts';
import { CLIENT_AUTHENTICATION, findPeer, isListed, readPeer, rememberPeer } from './peer.ts';

const HANDSHAKE_MS = 5_000;
const HEADERS_MS = 5_000;
const REQUEST_MS = 10_000;
const KEEP_ALIVE_MS = 60_000;
const CHECK_EVERY_MS = 1_000;
const MAX_CONNECTIONS = 1_000;
/** Less than the time a stopping process has, so that it ends in order. */
const GRACE_MS = 4_000;
const MAX_HEADER_BYTES = 16_384;
const REST_MS = 5_000;

export type MutualServerOptions = {
  identity: TlsIdentity;
  app: RequestListener;
  /** URIs of those who may connect: exact, or `prefix/*` for one segment. */
  peers: readonly string[];
  /** `optional` also lets in who shows no certificate at all (browsers); never who shows a wrong one. */
  requirePeer: 'always' | 'optional';
  port: number;
  host?: string;
  /** Time for a whole request to arrive; 0 for routes that stream without end and keep their own deadlines. */
  requestTimeoutMs?: number;
  /** Time for what is left of a request after its answer. */
  restTimeoutMs?: number;
  maxConnections?: number;
  clock?: Clock;
};

export type MutualServer = {
  server: Server;
  /** Resolves with the port once it listens. */
  listen(): Promise<number>;
  /** Stops accepting, lets requests finish, and cuts what is left after `graceMs`. */
  close(graceMs?: number): Promise<void>;
};

/**
 * An HTTPS server of ours: TLS 1.3 only, client certificates verified against our authority, their URI on the
 * list and their usage right. No session is ever resumed, for a resumed one shows no certificate. Expiry is
 * checked again on every request, and a change of authority ends the connections made before it.
 */
export function createMutualServer(options: MutualServerOptions): MutualServer {
  const { identity, requirePeer, restTimeoutMs = REST_MS, clock = Date.now } = options;
  const server = createServer({
    ...tlsOptions(identity.current()),
    ...limits(options),
    requestCert: true,
    rejectUnauthorized: requirePeer === 'always',
  });
  server.maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
  const connections = new OpenConnections();

  server.on('secureConnection', (socket) => {
    if (admit(socket, options, clock)) connections.add(socket);
    else socket.destroy();
  });
  server.on('request', (req, res) => {
    const peer = findPeer(req.socket);
    const expired = peer !== undefined && (clock() > peer.validTo || clock() < peer.validFrom);
    if (req.socket.destroyed || expired) {
      req.socket.destroy();
      return;
    }
    connections.work(res);
    res.once('finish', () => endUnlessWhole(req, restTimeoutMs));
    options.app(req, res);
  });

  let { ca } = identity.current();
  const stopListening = identity.onRenewal((material) => {
    server.setSecureContext(tlsOptions(material));
    if (material.ca !== ca) connections.destroy();
    ca = material.ca;
  });

  return {
    server,
    listen: () => listen(server, options.port, options.host ?? '127.0.0.1'),
    close: (graceMs = GRACE_MS) => {
      stopListening();
      return close(server, connections, graceMs);
    },
  };
}

function tlsOptions({ certificate, key, ca }: TlsMaterial) {
  return {
    cert: certificate,
    key,
    ca,
    minVersion: 'TLSv1.3',
    maxVersion: 'TLSv1.3',
    // Without tickets OpenSSL hands out session ids instead; nobody answers for those either (no resumeSession).
    secureOptions: constants.SSL_OP_NO_TICKET,
  } as const;
}

function limits({ requestTimeoutMs = REQUEST_MS }: MutualServerOptions): ServerOptions {
  return {
    handshakeTimeout: HANDSHAKE_MS,
    headersTimeout: HEADERS_MS,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
    noDelay: true,
  };
}

/** Decides once per connection who is there. */
function admit(socket: TLSSocket, options: MutualServerOptions, clock: Clock): boolean {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return options.requirePeer === 'optional';
  const peer = readPeer(certificate, CLIENT_AUTHENTICATION);
  if (!socket.authorized || socket.isSessionReused() || peer === undefined) return false;
  if (!isListed(peer.uri, options.peers) || clock() > peer.validTo) return false;
  rememberPeer(socket, peer);
  return true;
}

/** A body that nobody reads and that never ends would keep its connection for ever. */
function endUnlessWhole(req: IncomingMessage, restMs: number): void {
  if (req.complete) return;
  const timer = setTimeout(() => req.socket.destroy(), restMs).unref();
  req.once('close', () => clearTimeout(timer));
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function close(server: Server, connections: OpenConnections, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => connections.destroy(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    connections.drain();
  });
}
