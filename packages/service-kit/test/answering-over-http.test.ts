import { type RequestListener, type Server, request as httpRequest } from 'node:http';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PROBLEMS, Refusal } from '@mnv/core';
import type { ProblemCode } from '@mnv/core';
import { makeIndividualNumber } from '@mnv/testing';
import { Router } from 'express';
import request from 'supertest';
import winston from 'winston';
import {
  createApp,
  createLogger,
  jsonBody,
  methodNotAllowed,
  problemCodeOf,
} from '../src/index.ts';
import { type HttpWorld, listenWith } from './http-world.ts';

const TYPE = 'urn:mynumber-vault:problem:';
const UUID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let log: PassThrough;
let thrown: unknown;

function router(): Router {
  return Router()
    .post('/v1/echo', jsonBody(), (req, res) => void res.json(req.body))
    .post(
      '/v1/small',
      jsonBody({ maxBytes: 20, maxDepth: 2 }),
      (req, res) => void res.json(req.body),
    )
    .all('/v1/echo', methodNotAllowed('POST'))
    .get('/v1/records/:id', (req, res) => void res.json({ id: req.params['id'] }))
    .get('/v1/throws', async () => {
      throw thrown;
    })
    .get('/v1/breaks-off', (_req, res) => {
      res.write('{');
      throw new Error('a fault of ours');
    });
}

let server: Server;
let port: number;
let app: RequestListener;
let world: HttpWorld;
beforeAll(async () => {
  world = await listenWith((req, res) => app(req, res));
  ({ server, port } = world);
});
beforeEach(() => {
  log = new PassThrough();
  app = createApp({
    log: createLogger({
      service: 'vault',
      transports: [new winston.transports.Stream({ stream: log })],
    }),
    handlers: [router()],
  });
});
afterAll(() => world.stop());

const logged = () => (log.read() as Buffer | null)?.toString() ?? '';
const post = (body: string | Buffer, type = 'application/json', path = '/v1/echo') =>
  request(server)
    .post(path)
    .set('Content-Type', type)
    .serialize((value: unknown) => value as string)
    .send(body as string);

function expectProblem(res: request.Response, code: ProblemCode): void {
  const { status, title } = PROBLEMS[code];
  expect(res.status).toBe(status);
  expect(res.headers['content-type']).toMatch(/^application\/problem\+json/);
  const problem = JSON.parse(res.text) as Record<string, unknown>;
  expect(Object.keys(problem).toSorted()).toEqual([
    'detail',
    'instance',
    'status',
    'title',
    'type',
  ]);
  expect(problem).toMatchObject({ type: TYPE + code, title, status });
  expect(problem['instance']).toMatch(UUID);
}

describe('a JSON body', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset=UTF-8',
  ])('is read when it comes as %s', async (type) => {
    const res = await post('{"a":[1,"é"]}', type);

    expect(JSON.parse(res.text)).toEqual({ a: [1, 'é'] });
  });

  it.each<[string, (number: string) => string | Buffer, ProblemCode]>([
    ['is cut short', (number) => `{"a":"${number}`, 'malformed-json'],
    ['is none', (number) => `${number} and more`, 'malformed-json'],
    ['is empty', () => '', 'malformed-json'],
    ['has a member twice', (number) => `{"a":"${number}","a":1}`, 'malformed-json'],
    ['reaches a prototype', (number) => `{"__proto__":"${number}"}`, 'malformed-json'],
    [
      'is nested nine deep',
      (number) => `${'['.repeat(9)}"${number}"${']'.repeat(9)}`,
      'malformed-json',
    ],
    ['is nested endlessly', () => '['.repeat(16_000), 'malformed-json'],
    ['begins with a mark', (number) => `\ufeff{"a":"${number}"}`, 'malformed-json'],
    [
      'is not UTF-8',
      (number) =>
        Buffer.concat([Buffer.from(`{"a":"${number}`), Buffer.of(0xff), Buffer.from('"}')]),
      'malformed-json',
    ],
    ['holds a number no double can', () => '{"a":1e999}', 'malformed-json'],
    ['holds half a character', () => String.raw`{"a":"\ud800"}`, 'malformed-json'],
    ['is over 16 kB', (number) => `{"a":"${number}${'x'.repeat(16_384)}"}`, 'body-too-large'],
  ])('is refused, and nothing of it is repeated, when it %s', async (_what, bodyOf, code) => {
    const number = makeIndividualNumber();

    const res = await post(bodyOf(number));

    expectProblem(res, code);
    expect(res.text + JSON.stringify(res.headers) + logged()).not.toContain(number);
  });

  it.each([
    'text/plain',
    'application/x-ndjson',
    'application/jsonp',
    'application/json; charset=utf-16',
  ])('is refused as %s', async (type) => {
    expectProblem(await post('{}', type), 'media-type-unsupported');
  });

  it('is refused when it is packed', async () => {
    const res = await request(server)
      .post('/v1/echo')
      .set({ 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
      .send('{}');

    expectProblem(res, 'media-type-unsupported');
  });

  it('is held to the bounds of its route', async () => {
    expectProblem(
      await post(`{"a":"${'x'.repeat(20)}"}`, undefined, '/v1/small'),
      'body-too-large',
    );
    expectProblem(await post('[[[1]]]', undefined, '/v1/small'), 'malformed-json');
  });

  it('is refused when it grows beyond what was announced by nobody', async () => {
    const { status, connection } = await sendUntilAnswered();

    expect(status).toBe(413);
    expect(connection).toBe('close');
  });
});

/** A body in chunks that never ends by itself. */
function sendUntilAnswered(): Promise<{
  status: number | undefined;
  connection: string | undefined;
}> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json' };
    const req = httpRequest({ port, host: '127.0.0.1', method: 'POST', path: '/v1/echo', headers });
    const write = () => void req.write('x'.repeat(8_192), (error) => error ?? setImmediate(write));
    req.on('response', (res) => {
      resolve({ status: res.statusCode, connection: res.headers.connection });
      req.destroy();
    });
    req.on('error', reject);
    write();
  });
}

describe('a request for what is not there', () => {
  it.each(['/', '/v1', '/v1/echo/x', '/.env'])('is not found at %s', async (path) => {
    const number = makeIndividualNumber();

    const res = await request(server).get(`${path}?q=${number}`);

    expectProblem(res, path === '/v1/echo' ? 'method-not-allowed' : 'not-found');
    expect(res.text + logged()).not.toContain(number);
  });

  it('is told which method its path has', async () => {
    const res = await request(server).get('/v1/echo');

    expectProblem(res, 'method-not-allowed');
    expect(res.headers['allow']).toBe('POST');
  });

  it.each(['put', 'delete', 'patch', 'options', 'trace'] as const)(
    'is refused by %s everywhere',
    async (method) => {
      const res = await request(server)[method]('/v1/throws');

      expectProblem(res, 'method-not-allowed');
      expect(res.headers['allow']).toBe('GET, HEAD, POST');
    },
  );

  it('is refused when its path cannot be decoded', async () => {
    expectProblem(await request(server).get('/v1/records/%zz'), 'invalid-request');
  });
});

describe('an error', () => {
  it.each(Object.keys(PROBLEMS) as ProblemCode[])('becomes the problem %s', async (code) => {
    thrown = new Refusal(code, 'What to do.');

    const res = await request(server).get('/v1/throws');

    expectProblem(res, code);
    expect(problemCodeOf(JSON.parse(res.text))).toBe(code);
    expect(res.headers['retry-after'] !== undefined).toBe(
      [429, 503].includes(PROBLEMS[code].status) || code === 'idempotency-in-flight',
    );
    expect(res.headers['www-authenticate'] !== undefined).toBe(
      PROBLEMS[code].status === 401 || code === 'scope-missing',
    );
    expect(logged()).toBe('');
  });

  it('that nobody named is a bare 500, and its text is nowhere', async () => {
    const number = makeIndividualNumber();
    thrown = Object.assign(new Error(`row ${number}`), { code: '23505', detail: number });

    const res = await request(server).get('/v1/throws');

    expect(res.status).toBe(500);
    const { instance, ...rest } = JSON.parse(res.text) as Record<string, string>;
    expect(rest).toEqual({ type: 'about:blank', title: 'Internal error', status: 500 });
    const entry = JSON.parse(logged()) as Record<string, unknown>;
    expect(entry).toMatchObject({ message: 'request failed', errorCode: '23505' });
    expect(instance).toBe(`urn:uuid:${String(entry['requestId'])}`);
    expect(res.text + JSON.stringify(entry)).not.toContain(number);
  });

  it.each([undefined, null, 'a text', { status: 200 }])('may be anything: %p', async (value) => {
    thrown = value;

    expect((await request(server).get('/v1/throws')).status).toBe(500);
  });

  it('of the database says that it is away', async () => {
    thrown = Object.assign(new Error('x'), { code: 'ECONNREFUSED' });

    expectProblem(await request(server).get('/v1/throws'), 'database-unavailable');
  });

  it('after the beginning of an answer ends the connection, so that it cannot pass for whole', async () => {
    await expect(request(server).get('/v1/breaks-off')).rejects.toThrow(/aborted|hang up/);
  });
});
