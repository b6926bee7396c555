import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Router } from 'express';
import request from 'supertest';
import { createApp, createLogger, createMetrics, healthRoutes, requestIdOf } from '../src/index.ts';
import { type HttpWorld, listenWith } from './http-world.ts';

const ids: string[] = [];
const metrics = createMetrics('vault');
let isReady: () => Promise<unknown> = async () => undefined;
let world: HttpWorld;
let server: HttpWorld['server'];
let port: number;
beforeAll(async () => {
  const routes = Router()
    .get('/v1/records/:id', (req, res) => void res.json({ id: req.params['id'] }))
    .post('/v1/echo', (_req, res) => void res.end())
    .get('/v1/id', (_req, res) => {
      ids.push(requestIdOf(res));
      res.json({ id: requestIdOf(res) });
    });
  world = await listenWith(
    createApp({
      log: createLogger({ service: 'vault', level: 'error' }),
      handlers: [metrics.observe, healthRoutes([() => isReady()]), metrics.routes, routes],
    }),
  );
  ({ server, port } = world);
});
afterAll(() => world.stop());

describe('every answer', () => {
  it.each(['/v1/id', '/absent', '/health/live'])(
    'is kept by nobody and opens nothing: %s',
    async (path) => {
      const { headers } = await request(server).get(path);

      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'content-security-policy':
          "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
        'strict-transport-security': 'max-age=31536000; includeSubDomains',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
      });
      for (const name of ['x-powered-by', 'server', 'etag'])
        expect(headers).not.toHaveProperty(name);
    },
  );

  it('has an id of our own making, one for each request', async () => {
    const own = '11111111-1111-4111-8111-111111111111';
    const get = () => request(server).get('/v1/id').set('X-Request-Id', own);

    const [one, two] = [await get(), await get()];

    expect(one.body).not.toEqual(two.body);
    expect(ids).not.toContain(own);
  });
});

describe('what is no HTTP', () => {
  it.each([
    ['a header without end', `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}`],
    [
      'two lengths',
      'POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    ],
    [
      'a length and chunks',
      'POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    ],
    ['a line of noise', 'noise\r\n\r\n'],
  ])('is refused and the connection ended: %s', async (_what, bytes) => {
    const socket = connect(port, '127.0.0.1');
    const read: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => read.push(chunk)).on('error', () => undefined);
    socket.write(bytes);
    await new Promise((resolve) => socket.once('close', resolve));

    expect(Buffer.concat(read).toString()).toMatch(/^HTTP\/1\.1 4\d\d /);
  });
});

describe('the health of a service', () => {
  it('is live, and ready while all it needs answers', async () => {
    expect((await request(server).get('/health/live')).body).toEqual({ status: 'live' });
    expect((await request(server).get('/health/ready')).body).toEqual({ status: 'ready' });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['fails', () => Promise.reject(new Error('the secret host'))],
    ['does not answer', () => new Promise(() => undefined)],
  ])('is not ready, and does not say why, when something it needs %s', async (_what, check) => {
    isReady = check;

    const res = await request(server).get('/health/ready');

    expect([res.status, res.body]).toEqual([503, { status: 'not ready' }]);
    expect((await request(server).get('/health/live')).status).toBe(200);
  });
});

describe('the metrics of a service', () => {
  it('count requests by method and status, and name no path, tenant or id', async () => {
    await request(server).get('/v1/records/11111111-2222-4333-8444-555555555555');
    metrics.counter('tests_total', 'Tests')();

    const { text } = await request(server).get('/metrics');

    expect(text).toMatch(/http_requests_total\{method="GET",status="200",service="vault"\} \d+/);
    expect(text).toMatch(/http_request_duration_seconds_count\{/);
    expect(text).toContain('tests_total{service="vault"} 1');
    expect(text).not.toMatch(/records|11111111|\/v1/);
  });
});
