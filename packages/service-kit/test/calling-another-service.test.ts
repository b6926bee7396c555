import type { RequestListener } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Authority } from '@mnv/pki';
import { freePort } from '@mnv/testing';
import { ServiceCallError, createMutualServer, createServiceClient } from '../src/index.ts';
import type { MutualServer, ServiceClient, TlsMaterial } from '../src/index.ts';
import { fixedIdentity, materialOf, newAuthority, renewableIdentity } from './tls-parties.ts';

const VAULT = 'spiffe://test/service/vault';
const PROXY = 'spiffe://test/service/access-proxy';
const PATIENT = { deadlineMs: 5_000 };

let ours: Authority;
let vault: TlsMaterial;
let proxy: TlsMaterial;
beforeAll(() => {
  ours = newAuthority();
  vault = materialOf(ours, { uris: [VAULT] });
  proxy = materialOf(ours, { uris: [PROXY] });
});

let reached: number;
let open: { close(): Promise<void> }[];
beforeEach(() => {
  [reached, open] = [0, []];
});
afterEach(async () => {
  for (const one of open.toReversed()) await one.close();
});

async function serve(app: RequestListener, shown = vault): Promise<number> {
  const server: MutualServer = createMutualServer({
    identity: fixedIdentity(shown),
    app: (req, res) => {
      reached += 1;
      app(req, res);
    },
    peers: [PROXY],
    requirePeer: 'always',
    port: 0,
  });
  open.push({ close: () => server.close(0) });
  return server.listen();
}

function clientFor(port: number, identity = fixedIdentity(proxy)): ServiceClient {
  const origin = `https://localhost:${port}`;
  const client = createServiceClient({ identity, origin, expectedUri: VAULT });
  open.push(client);
  return client;
}

const answer =
  (text: string, status = 200): RequestListener =>
  (_req, res) =>
    res.writeHead(status, { 'content-type': 'application/json' }).end(text);

async function expectNoAnswer(call: Promise<unknown>, sent: 'never' | 'perhaps'): Promise<void> {
  const error = await call.catch((fault: unknown) => fault);
  expect(error).toBeInstanceOf(ServiceCallError);
  expect(error).toMatchObject({ code: 'vault-unavailable', sent });
}

describe('a call to another service', () => {
  it('posts JSON with its headers and reads the JSON of the answer', async () => {
    const port = await serve((req, res) => {
      const chunks: Buffer[] = [];
      req
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          const asked = JSON.parse(Buffer.concat(chunks).toString()) as object;
          const { method, headers } = req;
          answer(
            JSON.stringify({ method, type: headers['content-type'], x: headers['x-a'], asked }),
          )(req, res);
        });
    });

    const { status, body } = await clientFor(port).json(
      '/tickets',
      { a: [1] },
      { ...PATIENT, headers: { 'x-a': 'b' } },
    );

    expect(status).toBe(200);
    expect(body).toEqual({ method: 'POST', type: 'application/json', x: 'b', asked: { a: [1] } });
  });

  it('gets when there is no body, and hands on the refusal of the other side', async () => {
    const port = await serve((req, res) => answer(`{"method":"${req.method}"}`, 409)(req, res));

    expect(await clientFor(port).json('/', undefined, PATIENT)).toEqual({
      status: 409,
      body: { method: 'GET' },
    });
  });

  it('does not follow a redirect', async () => {
    const port = await serve((req, res) =>
      req.url === '/away'
        ? answer('{}')(req, res)
        : res.writeHead(302, { location: '/away' }).end(),
    );

    const { status } = await clientFor(port).json('/', {}, PATIENT);

    expect([status, reached]).toEqual([302, 1]);
  });

  it.each<[string, () => TlsMaterial]>([
    ['names another service', () => materialOf(ours, { uris: ['spiffe://test/service/other'] })],
    ['names the service and another one', () => materialOf(ours, { uris: [VAULT, PROXY] })],
    ['names a host alone', () => materialOf(ours, { uris: [] })],
  ])('sends nothing to a side whose certificate %s', async (_what, shown) => {
    const port = await serve(answer('{}'), shown());

    await expectNoAnswer(clientFor(port).json('/', { a: 1 }, PATIENT), 'never');

    expect(reached).toBe(0);
  });

  it.each<[string, () => TlsMaterial]>([
    ['of another authority', () => materialOf(newAuthority(), { uris: [VAULT] }, ours)],
    ['for clients', () => materialOf(ours, { uris: [VAULT], usage: 'client' })],
    ['that has expired', () => materialOf(ours, { uris: [VAULT], now: 0, days: 1 })],
  ])('sends nothing to a side with a certificate %s', async (_what, shown) => {
    const port = await serve(answer('{}'), shown());

    await expectNoAnswer(clientFor(port).json('/', { a: 1 }, PATIENT), 'perhaps');

    expect(reached).toBe(0);
  });

  it('was never sent when nobody listens', async () => {
    await expectNoAnswer(clientFor(await freePort()).json('/', {}, PATIENT), 'never');
  });

  it('destroys its socket at the deadline, so that a late answer has nowhere to go', async () => {
    const cut = Promise.withResolvers<void>();
    const port = await serve((_req, res) => void res.once('close', cut.resolve));

    await expectNoAnswer(clientFor(port).json('/', {}, { deadlineMs: 100 }), 'perhaps');

    await cut.promise;
    expect(reached).toBe(1);
  });

  it('ends at the deadline in the middle of an answer', async () => {
    const port = await serve((_req, res) => void res.write('{"a":'));

    await expectNoAnswer(clientFor(port).json('/', {}, { deadlineMs: 100 }), 'perhaps');
  });

  it.each<[string, RequestListener]>([
    ['is larger than 8 MiB', answer(JSON.stringify('x'.repeat(8 * 1024 * 1024)))],
    ['is no JSON', answer('<html>')],
    ['has a member twice', answer('{"a":1,"a":2}')],
    ['breaks off', (_req, res) => void res.write('{', () => res.destroy())],
  ])('takes no answer that %s', async (_what, app) => {
    await expectNoAnswer(clientFor(await serve(app)).json('/', {}, PATIENT), 'perhaps');
  });

  it('stops reading an answer without end', async () => {
    const cut = Promise.withResolvers<number>();
    const port = await serve((_req, res) => {
      let written = 0;
      const write = () => {
        while (!res.destroyed && res.write('x'.repeat(65_536))) written += 65_536;
      };
      res.on('drain', write).once('close', () => cut.resolve(written));
      write();
    });

    await expectNoAnswer(clientFor(port).json('/', {}, PATIENT), 'perhaps');

    expect(await cut.promise).toBeLessThan(32 * 1024 * 1024);
  });

  it('goes on after a failed call', async () => {
    const port = await serve((req, res) => req.url === '/' && answer('{"a":1}')(req, res));
    const client = clientFor(port);
    await expectNoAnswer(client.json('/stuck', {}, { deadlineMs: 100 }), 'perhaps');

    expect((await client.json('/', {}, PATIENT)).body).toEqual({ a: 1 });
  });

  it('shows its renewed certificate, and lets calls in flight finish', async () => {
    const shown: unknown[] = [];
    const begun = Promise.withResolvers<void>();
    const port = await serve((req, res) => {
      const { serialNumber } = (req.socket as TLSSocket).getPeerX509Certificate()!;
      shown.push(serialNumber);
      begun.resolve();
      void pause(req.url === '/slow' ? 50 : 0).then(() => answer('{}')(req, res));
    });
    const { identity, renew } = renewableIdentity(proxy);
    const client = clientFor(port, identity);
    const slow = client.json('/slow', {}, PATIENT);
    await begun.promise;
    renew(materialOf(ours, { uris: [PROXY] }));

    await client.json('/', {}, PATIENT);

    expect((await slow).status).toBe(200);
    expect(new Set(shown).size).toBe(2);
  });
});
