import { X509Certificate } from 'node:crypto';
import type { PeerCertificate } from 'node:tls';
import { Pool } from 'undici';
import type { ProblemCode } from '@mnv/core';
import { Refusal } from '@mnv/core';
import { parseStrictJson } from '@mnv/protocol';
import type { TlsIdentity } from './identity.ts';
import { SERVER_AUTHENTICATION, readPeer } from './peer.ts';

const CONNECTIONS = 16;
const CONNECT_MS = 1_000;
const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
const MAX_ANSWER_DEPTH = 12;
/** Connections are made anew now and then, so that the certificate of the other side is looked at again. */
const RECONNECT_EVERY_MS = 300_000;

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

export type CallOptions = {
  deadlineMs: number;
  signal?: AbortSignal;
  headers?: Record<string, string>;
};
export type ServiceAnswer = { status: number; body: unknown };

export type ServiceClient = {
  /**
   * POSTs a JSON body, or GETs without one. At the deadline the socket is destroyed: a late answer has nowhere
   * to go. Throws ServiceCallError when no readable answer came.
   */
  json(path: string, body: unknown, options: CallOptions): Promise<ServiceAnswer>;
  close(): Promise<void>;
};

/** No answer came. With `sent` = `never` nothing reached the other side; with `perhaps` it may have acted. */
export class ServiceCallError extends Refusal {
  readonly sent: 'never' | 'perhaps';

  constructor(code: ProblemCode, sent: 'never' | 'perhaps') {
    super(code, 'A service behind this one did not answer in time.');
    this.sent = sent;
  }
}

/** Speaks to one other service of ours: mutual TLS 1.3, no resumption, no redirects, an own deadline per call. */
export function createServiceClient(options: ServiceClientOptions): ServiceClient {
  const { identity, unavailable = 'vault-unavailable' } = options;
  let pool = connect(options);
  const renew = () => {
    const old = pool;
    pool = connect(options);
    old.close().catch(() => undefined); // its calls in flight are answered first
  };
  const stopListening = identity.onRenewal(renew);
  const timer = setInterval(renew, RECONNECT_EVERY_MS).unref();

  return {
    json: (path, body, call) => ask(pool, { path, body, call, unavailable }),
    close: async () => {
      stopListening();
      clearInterval(timer);
      await pool.destroy();
    },
  };
}

type Question = { path: string; body: unknown; call: CallOptions; unavailable: ProblemCode };

async function ask(
  pool: Pool,
  { path, body, call, unavailable }: Question,
): Promise<ServiceAnswer> {
  const signals = [
    AbortSignal.timeout(call.deadlineMs),
    ...(call.signal === undefined ? [] : [call.signal]),
  ];
  const json = body === undefined ? undefined : JSON.stringify(body);
  try {
    const answer = await pool.request({
      path,
      method: json === undefined ? 'GET' : 'POST',
      body: json ?? null,
      headers: {
        ...call.headers,
        ...(json !== undefined && { 'content-type': 'application/json' }),
      },
      signal: AbortSignal.any(signals),
    });
    return {
      status: answer.statusCode,
      body: readAnswer(new Uint8Array(await answer.body.arrayBuffer())),
    };
  } catch (error) {
    throw new ServiceCallError(unavailable, wasSent(error) ? 'perhaps' : 'never');
  }
}

function readAnswer(bytes: Uint8Array): unknown {
  const bounds = { maxBytes: MAX_ANSWER_BYTES, maxDepth: MAX_ANSWER_DEPTH };
  return bytes.length === 0 ? undefined : parseStrictJson(bytes, bounds);
}

const WRONG_SERVICE = 'ERR_WRONG_SERVICE';
/** Only faults of connecting prove that nothing was sent. */
const NEVER_SENT = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EHOSTUNREACH',
  WRONG_SERVICE,
]);

function wasSent(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code !== 'string' || !NEVER_SENT.has(code);
}

function connect({
  identity,
  origin,
  expectedUri,
  connections = CONNECTIONS,
}: ServiceClientOptions): Pool {
  const { certificate, key, ca } = identity.current();
  return new Pool(origin, {
    connections,
    pipelining: 1,
    maxCachedSessions: 0,
    maxResponseSize: MAX_ANSWER_BYTES,
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
