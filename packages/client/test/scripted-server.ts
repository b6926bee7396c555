import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAuthority, issueCertificate } from '@mnv/pki';
import type { Identity } from '../src/index.ts';

/** A request as it arrived, with its whole body. */
export type Arrived = { method: string; path: string; headers: IncomingHttpHeaders; body: string };

export type Answer = (request: Arrived, response: ServerResponse, count: number) => unknown;

/** A real HTTPS server (TLS 1.3, mutual) that answers as a test scripts it: weather that services never make on demand. */
export type ScriptedServer = {
  origin: string;
  identity: Identity;
  arrived: Arrived[];
  close: () => Promise<void>;
};

export async function startScriptedServer(answer: Answer): Promise<ScriptedServer> {
  const authority = createAuthority({ deployment: 'test', profile: 'development' });
  const own = issue(authority, 'server');
  const client = issue(authority, 'client');
  const arrived: Arrived[] = [];
  const server = createServer({
    key: own.key,
    cert: own.certificate,
    ca: authority.certificatePem,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
  });
  server.on('request', async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { method = '', url: path = '', headers } = request;
    const one = { method, path, headers, body: Buffer.concat(parts).toString('utf8') };
    arrived.push(one);
    await answer(one, response, arrived.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `https://localhost:${port}`,
    identity: { ca: authority.certificatePem, ...client },
    arrived,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function issue(authority: ReturnType<typeof createAuthority>, usage: 'server' | 'client') {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const names =
    usage === 'server' ? { dns: ['localhost'] } : { uris: ['spiffe://test/client/payroll'] };
  const certificate = issueCertificate({ authority, publicKey, subject: usage, usage, ...names });
  return { certificate, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

export function json(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

export function problem(
  response: ServerResponse,
  refusal: { status: number; code: string; detail?: string; retryAfter?: string },
): void {
  const { status, code, detail = 'no more is said', retryAfter } = refusal;
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    ...(retryAfter ? { 'retry-after': retryAfter } : {}),
  });
  response.end(JSON.stringify({ ...problemOf(status, code), detail }));
}

export function problemOf(status: number, code: string) {
  return { type: `urn:mynumber-vault:problem:${code}`, title: code, status };
}

export function lines(response: ServerResponse, values: readonly object[]): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.end(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
}

/** Sends what there is of an answer and breaks the connection. */
export function breakAfter(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  response.write(text, () => setTimeout(() => response.socket?.destroy(), 20));
}
