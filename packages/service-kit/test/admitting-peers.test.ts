import { X509Certificate, createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Agent } from 'node:https';
import { connect } from 'node:net';
import { type ConnectionOptions, type TLSSocket, connect as connectTls } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Authority } from '@mnv/pki';
import { fixedClock } from '@mnv/testing';
import { createApp, createLogger, createMutualServer, peerOf } from '../src/index.ts';
import type { MutualServer, MutualServerOptions, TlsMaterial } from '../src/index.ts';
import { CLIENT_AUTHENTICATION, SERVER_AUTHENTICATION, readPeer } from '../src/tls/peer.ts';
import {
  type CertificateOrder,
  type Shown,
  agentOf,
  fixedIdentity,
  get,
  materialOf,
  newAuthority,
} from './tls-parties.ts';

const DAY_MS = 86_400_000;
const PAYROLL = 'spiffe://test/client/payroll';

let ours: Authority;
let serverMaterial: TlsMaterial;
let payroll: TlsMaterial;
beforeAll(() => {
  ours = newAuthority();
  serverMaterial = materialOf(ours, { uris: ['spiffe://test/service/vault'], usage: 'server' });
  payroll = materialOf(ours, { usage: 'client' });
});

let seen: string[];
let servers: MutualServer[];
let agents: Agent[];
beforeEach(() => {
  [seen, servers, agents] = [[], [], []];
});
afterEach(async () => {
  for (const agent of agents) agent.destroy();
  await Promise.all(servers.map((server) => server.close(0)));
});

async function serve(options: Partial<MutualServerOptions> = {}): Promise<number> {
  const server = createMutualServer({
    identity: fixedIdentity(serverMaterial),
    app: (req, res) => {
      seen.push(peerOf(req).uri);
      res.end(peerOf(req).x5t);
    },
    peers: [PAYROLL],
    requirePeer: 'always',
    port: 0,
    ...options,
  });
  servers.push(server);
  return server.listen();
}

function client(shown: Shown): Agent {
  const agent = agentOf({ ca: ours.certificatePem, ...shown });
  agents.push(agent);
  return agent;
}

const byUs = (order: CertificateOrder) => materialOf(ours, order);

describe('a server of ours', () => {
  it('lets in a listed client of our authority and tells the application who it is', async () => {
    const port = await serve();

    const { status, body } = await get(client(payroll), port);

    const { raw } = new X509Certificate(payroll.certificate);
    expect(status).toBe(200);
    expect(body).toBe(createHash('sha256').update(raw).digest('base64url'));
    expect(seen).toEqual([PAYROLL]);
  });

  it.each<[string, () => Shown]>([
    ['no certificate', () => ({})],
    ['a certificate of another authority', () => materialOf(newAuthority(), {}, ours)],
    ['a URI that is not listed', () => byUs({ uris: ['spiffe://test/client/other'] })],
    ['a listed URI with something behind it', () => byUs({ uris: [`${PAYROLL}/x`] })],
    ['no URI, but the name in its subject', () => byUs({ uris: [], subject: PAYROLL })],
    ['the URI as a DNS name', () => byUs({ uris: [], dns: [PAYROLL] })],
    ['two URIs', () => byUs({ uris: [PAYROLL, 'spiffe://test/service/vault'] })],
    ['the same URI twice', () => byUs({ uris: [PAYROLL, PAYROLL] })],
    ['a URI that hides a second name', () => byUs({ uris: [`${PAYROLL},URI:${PAYROLL}`] })],
    ['a certificate for servers', () => byUs({ usage: 'server' })],
    ['an expired certificate', () => byUs({ now: Date.now() - 2 * DAY_MS, days: 1 })],
    ['a certificate of tomorrow', () => byUs({ now: Date.now() + DAY_MS })],
    ['TLS 1.2', () => ({ ...payroll, maxVersion: 'TLSv1.2' })],
  ])('does not let in a client with %s', async (_what, shown) => {
    const port = await serve();

    await expect(get(client(shown()), port)).rejects.toThrow(
      /socket|alert|closed|ECONNRESET|EPIPE/i,
    );

    expect(seen).toEqual([]);
  });

  it.each([
    ['spiffe://test/client/payroll', true],
    ['spiffe://test/client/hr', true],
    ['spiffe://test/client/', false],
    ['spiffe://test/client', false],
    ['spiffe://test/client/a/b', false],
    ['spiffe://test/clients/a', false],
    ['spiffe://other/client/a', false],
  ])('reads the star of client/* as one segment: %s is listed: %s', async (uri, listed) => {
    const port = await serve({ peers: ['spiffe://test/client/*'] });

    await get(client(byUs({ uris: [uri] })), port).catch(() => undefined);

    expect(seen).toEqual(listed ? [uri] : []);
  });

  it('never resumes a session, for it would show no certificate', async () => {
    const port = await serve();
    const { ca, certificate, key } = payroll;
    const visit = (options: ConnectionOptions) =>
      visited(connectTls({ port, host: 'localhost', ca, ...options }));
    const { sessions } = await visit({ cert: certificate, key });

    for (const session of sessions) {
      expect(await visit({ cert: certificate, key, session })).toMatchObject({ reused: false });
      expect(await visit({ session })).toMatchObject({ reused: false, answer: '' });
    }
    expect(sessions.length).toBeGreaterThan(0);
    expect(seen.length).toBe(1 + sessions.length);
  });

  it('looks at the time of the certificate again on every request of a connection', async () => {
    const clock = fixedClock(Date.now());
    const port = await serve({ clock: clock.now });
    const agent = client(payroll);
    await get(agent, port);

    clock.advance(8 * DAY_MS);

    await expect(get(agent, port)).rejects.toThrow(/socket hang up|ECONNRESET/);
    expect(seen).toHaveLength(1);
  });

  it('ends a connection on which the rest of an answered request never comes', async () => {
    const port = await serve({ requestTimeoutMs: 0, restTimeoutMs: 50 });
    const { ca, certificate: cert, key } = payroll;
    const host = { host: 'localhost', port, ca, cert, key };
    const socket = connectTls(host).on('error', () => undefined);
    socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999\r\n\r\n');
    const drip = setInterval(() => socket.write('x'), 10);
    let answer = '';
    socket.on('data', (part) => (answer += String(part)));
    await once(socket, 'close');
    clearInterval(drip);
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
  });

  it('does not speak without TLS', async () => {
    const port = await serve();
    const socket = connect(port, '127.0.0.1');
    const read: Buffer[] = [];
    socket.on('data', (bytes) => read.push(bytes)).on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'close');

    expect(Buffer.concat(read).toString('latin1')).not.toContain('HTTP/');
    expect(seen).toEqual([]);
  });
});

describe('a verified certificate', () => {
  it('names nobody to a side that it has no usage for', () => {
    const forServers = new X509Certificate(serverMaterial.certificate);
    const forClients = new X509Certificate(payroll.certificate);

    expect(readPeer(forServers, CLIENT_AUTHENTICATION)).toBeUndefined();
    expect(readPeer(forClients, SERVER_AUTHENTICATION)).toBeUndefined();
    expect(readPeer(forClients, CLIENT_AUTHENTICATION)?.uri).toBe(PAYROLL);
  });
});

describe('a server that also answers clients without a certificate', () => {
  it('lets them in, and names the lack of a certificate where one is needed', async () => {
    const app = createApp({
      log: createLogger({ service: 'test', level: 'error' }),
      handlers: [(req, res) => void res.json({ uri: peerOf(req).uri })],
    });
    const port = await serve({ requirePeer: 'optional', app });

    const without = await get(client({}), port);
    const withOne = await get(client(payroll), port);

    expect(without.status).toBe(403);
    expect(JSON.parse(without.body)).toMatchObject({ detail: 'A client certificate is required.' });
    expect(JSON.parse(withOne.body)).toEqual({ uri: PAYROLL });
  });

  it('does not let in who shows a wrong one', async () => {
    const port = await serve({ requirePeer: 'optional', app: (_req, res) => res.end('in') });

    for (const wrong of [materialOf(newAuthority(), {}, ours), byUs({ uris: ['spiffe://x/y'] })]) {
      await expect(get(client(wrong), port)).rejects.toThrow(/socket|ECONNRESET|EPIPE/i);
    }
  });
});

/** One request on a connection of its own, and what the server offered for resuming it. */
async function visited(socket: TLSSocket) {
  const sessions: Buffer[] = [];
  const read: Buffer[] = [];
  let reused = false;
  socket
    .on('session', (session) => sessions.push(session))
    .on('data', (bytes: Buffer) => read.push(bytes))
    .on('secureConnect', () => (reused = socket.isSessionReused()))
    .on('error', () => undefined)
    .write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  await new Promise((resolve) => socket.once('close', resolve));
  return { sessions, reused, answer: Buffer.concat(read).toString('latin1') };
}
