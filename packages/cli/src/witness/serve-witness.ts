import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Server, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { WitnessAnswer } from './cosign-checkpoint.ts';

const MAX_BODY_BYTES = 64 * 1024;
const REQUEST_MS = 5_000;
const RENEW_EVERY_MS = 60_000;

export type WitnessServerOptions = {
  host: string;
  port: number;
  /** Reads certificate and key, PEM; asked again every minute, so that a renewal needs no restart. */
  readIdentity(): { cert: string; key: string };
  vkey: string;
  cosignCheckpoint(body: string): Promise<WitnessAnswer>;
  /** Told of every fault; the answer then is 500 and no cosignature. */
  report(error: unknown): void;
};

export type WitnessServer = { port: number; close(): Promise<void> };

/** Serves `POST /add-checkpoint`, and the witness's verifier key at `GET /` for people. */
export async function serveWitness(options: WitnessServerOptions): Promise<WitnessServer> {
  const { host, port, readIdentity } = options;
  const server = createServer(
    { ...readIdentity(), minVersion: 'TLSv1.3', requestTimeout: REQUEST_MS },
    (request, response) => void respond(request, response, options),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  const renewal = setInterval(() => renew(server, options), RENEW_EVERY_MS);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        clearInterval(renewal);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A renewal half done is reported and met again a minute later. */
function renew(server: Server, { readIdentity, report }: WitnessServerOptions): void {
  try {
    server.setSecureContext({ ...readIdentity(), minVersion: 'TLSv1.3' });
  } catch (error) {
    report(error);
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  options: WitnessServerOptions,
): Promise<void> {
  try {
    const { status, type, body } = await answer(request, options);
    response.writeHead(status, type === undefined ? {} : { 'content-type': type }).end(body);
  } catch (error) {
    options.report(error);
    response.writeHead(500).end();
  }
}

async function answer(
  request: IncomingMessage,
  { vkey, cosignCheckpoint }: WitnessServerOptions,
): Promise<WitnessAnswer> {
  if (request.url === '/' && request.method === 'GET') {
    return { status: 200, type: 'text/plain', body: `${vkey}\n` };
  }
  if (request.url !== '/add-checkpoint') return { status: 404, body: '' };
  if (request.method !== 'POST') return { status: 405, body: '' };
  const body = await readBody(request);
  return body === undefined ? { status: 413, body: '' } : cosignCheckpoint(body);
}

/** Undefined when it is too long. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
