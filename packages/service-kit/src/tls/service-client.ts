import type { Pool } from 'undici';
import type { ProblemCode } from '@mnv/core';
import { parseStrictJson } from '@mnv/protocol';
import { connectService } from './connect-service.ts';
import type { ServiceClientOptions } from './connect-service.ts';
import { readStream } from './read-stream.ts';
import { ServiceCallError, wasSent } from './service-call-error.ts';

/** A copy of an identity document in base64 is the largest. */
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const MAX_ANSWER_DEPTH = 12;
/** Connections are made anew now and then, so that the certificate of the other side is looked at again. */
const RECONNECT_EVERY_MS = 300_000;

export type CallOptions = {
  deadlineMs: number;
  headers?: Record<string, string>;
};
export type ServiceAnswer = { status: number; body: unknown };

export type ServiceClient = {
  /**
   * POSTs a JSON body, or GETs without one. At the deadline the socket is destroyed: a late answer has nowhere
   * to go. Throws ServiceCallError when no readable answer came.
   */
  json(path: string, body: unknown, options: CallOptions): Promise<ServiceAnswer>;
  /**
   * GETs NDJSON of any length: its lines, while the reader keeps up. `deadlineMs` is for the head of the answer
   * and for each wait after it. Throws a Refusal with the code that was answered, or ServiceCallError.
   */
  lines(path: string, options: Pick<CallOptions, 'deadlineMs'>): AsyncGenerator<Buffer, void, void>;
  close(): Promise<void>;
};

/** Speaks to one other service of ours: mutual TLS 1.3, no resumption, no redirects, an own deadline per call. */
export function createServiceClient(options: ServiceClientOptions): ServiceClient {
  const { identity, unavailable = 'vault-unavailable' } = options;
  let pool = connectService(options, MAX_ANSWER_BYTES);
  const renew = () => {
    const old = pool;
    pool = connectService(options, MAX_ANSWER_BYTES);
    old.close().catch(() => undefined); // its calls in flight are answered first
  };
  const stopListening = identity.onRenewal(renew);
  const timer = setInterval(renew, RECONNECT_EVERY_MS).unref();

  return {
    json: (path, body, call) => ask(pool, { path, body, call, unavailable }),
    lines: (path, call) => readStream(options, { path, deadlineMs: call.deadlineMs, unavailable }),
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
      signal: AbortSignal.timeout(call.deadlineMs),
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
