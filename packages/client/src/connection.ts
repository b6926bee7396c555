import { Pool, buildConnector } from 'undici';
import type { Dispatcher } from 'undici';
import { NotConnectedError, TransportError, transportErrorFrom } from './transport-error.ts';

/** PEM texts: the authority that signs the service's certificate, and this client's certificate and key. */
export type Identity = { ca: string; certificate: string; key: string };

export type WireRequest = {
  method: 'GET' | 'POST';
  path: string;
  headers?: Record<string, string>;
  body?: string;
  /** Milliseconds until the first byte of the answer, and between two parts of it. */
  deadlineMs: number;
  signal?: AbortSignal | undefined;
};

export type WireAnswer = {
  status: number;
  header: (name: string) => string | undefined;
  /** Must be read to its end or destroyed. */
  body: AsyncIterable<Uint8Array> & { destroy(error?: Error): unknown };
};

export type Connection = {
  /** @throws TransportError */
  send: (request: WireRequest) => Promise<WireAnswer>;
  close: () => Promise<void>;
};

/** Connections to one origin: TLS 1.3, mutual, kept open, one request at a time on each. */
export function openConnection(options: {
  origin: string;
  identity: Identity;
  connections?: number;
}): Connection {
  const { ca, certificate, key } = options.identity;
  requireHttps(options.origin);
  const pool = new Pool(options.origin, {
    connections: options.connections ?? 32,
    pipelining: 1,
    connect: connectorOf({ ca, cert: certificate, key, minVersion: 'TLSv1.3', timeout: 5_000 }),
  });
  return { send: (request) => sendOver(pool, request), close: () => pool.close() };
}

/** Tells a connection that never came about, on which nothing was sent, from one that broke. */
function connectorOf(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector(options);
  return (target, callback) =>
    connect(target, (...[error, socket]) => {
      if (error !== null) callback(new NotConnectedError(error), null);
      else callback(null, socket);
    });
}

async function sendOver(pool: Pool, request: WireRequest): Promise<WireAnswer> {
  try {
    const answer = await pool.request({
      method: request.method,
      path: request.path,
      headers: request.headers ?? {},
      body: request.body ?? null,
      headersTimeout: request.deadlineMs,
      bodyTimeout: request.deadlineMs,
      signal: request.signal ?? null,
    });
    return answerOf(answer);
  } catch (error) {
    throw transportErrorFrom(error);
  }
}

function answerOf(answer: Dispatcher.ResponseData): WireAnswer {
  const header = (name: string) => {
    const value = answer.headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  return { status: answer.statusCode, header, body: answer.body };
}

function requireHttps(origin: string): void {
  if (URL.parse(origin)?.protocol !== 'https:') {
    throw new TransportError('untrusted-server', 'ORIGIN_NOT_HTTPS');
  }
}
