import { type Server, request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeIndividualNumber } from '@mnv/testing';
import { parseStrictJson } from '@mnv/protocol';
import { Router } from 'express';
import fc from 'fast-check';
import request from 'supertest';
import { createApp, createLogger, readLines, requireNdjson, writeLine } from '../src/index.ts';
import { type HttpWorld, listenWith } from './http-world.ts';

const MAX = 100;

async function linesOf(chunks: readonly Buffer[], maxLineBytes = MAX): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readLines(Readable.from(chunks, { objectMode: false }), {
    maxLineBytes,
  }))
    lines.push(line.toString('latin1'));
  return lines;
}

/** The same bytes, cut at the given places. */
function cutAt(bytes: Buffer, places: readonly number[]): Buffer[] {
  const cuts = [0, ...places.map((at) => at % (bytes.length + 1)), bytes.length].toSorted(
    (a, b) => a - b,
  );
  return cuts.slice(1).map((end, at) => bytes.subarray(cuts[at], end));
}

describe('the lines of a stream', () => {
  const someLines = fc.array(
    fc
      .uint8Array({ minLength: 0, maxLength: MAX })
      .map((bytes) => Buffer.from(bytes.map((b) => (b === 10 ? 11 : b)))),
    { maxLength: 20 },
  );

  it('are the same however the bytes arrive, with or without a newline at the end, and without empty ones', async () => {
    await fc.assert(
      fc.asyncProperty(
        someLines,
        fc.array(fc.nat()),
        fc.boolean(),
        async (lines, places, ended) => {
          const bytes = Buffer.concat(
            lines.flatMap((line, at) => [
              line,
              Buffer.from(ended || at < lines.length - 1 ? '\n' : ''),
            ]),
          );
          const chunks = cutAt(bytes, places).filter((chunk) => chunk.length > 0);

          expect(await linesOf(chunks)).toEqual(
            lines.filter((line) => line.length > 0).map((line) => line.toString('latin1')),
          );
        },
      ),
    );
  });

  it('are refused when one is a byte too long, wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat()), fc.boolean(), async (places, ended) => {
        const bytes = Buffer.from(`short\n${'x'.repeat(MAX + 1)}${ended ? '\n' : ''}`);

        await expect(linesOf(cutAt(bytes, places))).rejects.toMatchObject({
          code: 'body-too-large',
        });
      }),
    );
  });

  it('are not read further than they are worked on', async () => {
    let made = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.from(`${(made += 1)}\n`);
      })(),
      { highWaterMark: 1 },
    );
    const taken: string[] = [];

    for await (const line of readLines(endless)) if (taken.push(String(line)) === 3) break;

    expect(taken).toEqual(['1', '2', '3']);
    expect(made).toBeLessThan(20);
    endless.destroy();
  });

  it('end with a refusal when nothing more arrives', async () => {
    const silent = new Readable({ read: () => undefined });
    silent.push('first\n');
    const lines = readLines(silent, { idleMs: 20 });

    expect(String((await lines.next()).value)).toBe('first');
    await expect(lines.next()).rejects.toMatchObject({ code: 'deadline-exceeded' });
  });

  it.each([
    ['bytes one by one', 'x'],
    ['blank lines', '\n'],
  ])('end with a refusal when %s are all that arrives', async (_what, drop) => {
    const dripping = new Readable({ read: () => undefined });
    const drip = setInterval(() => dripping.push(drop), 5);
    const lines = readLines(dripping, { idleMs: 60_000, lineMs: 100 });

    await expect(lines.next()).rejects.toMatchObject({ code: 'deadline-exceeded' });
    clearInterval(drip);
  });

  it('end with the error of their stream', async () => {
    const broken = new Readable({ read: () => undefined });
    const next = readLines(broken).next();
    broken.destroy(new Error('connection reset'));

    await expect(next).rejects.toThrow('connection reset');
  });
});

let world: HttpWorld;
let server: Server;
let port: number;
let written = 0;
let writing: PromiseWithResolvers<unknown>;
beforeAll(async () => {
  const router = Router()
    .post('/lines', requireNdjson(), async (req, res) => {
      res.type('application/x-ndjson');
      for await (const line of readLines(req, { maxLineBytes: MAX }))
        await writeLine(res, `${JSON.stringify(parseStrictJson(line, { maxBytes: MAX }))}\n`);
      res.end();
    })
    .get('/flood', async (req, res) => {
      written = 0;
      const idle = Number(req.query['idle']);
      try {
        for (;;) {
          await writeLine(res, 'x'.repeat(65_536), { idleMs: idle });
          written += 65_536;
        }
      } catch (error) {
        writing.resolve(error);
        throw error;
      }
    });
  const log = createLogger({ service: 'test', level: 'error' });
  world = await listenWith(createApp({ log, handlers: [router] }));
  ({ server, port } = world);
});
afterAll(() => world.stop());

const send = (body: string | Buffer, type = 'application/x-ndjson') =>
  request(server)
    .post('/lines')
    .set('Content-Type', type)
    .buffer(true)
    .parse((res, done) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (chunk: string) => (text += chunk)).on('end', () => done(null, text));
    })
    .serialize((value: unknown) => value as string)
    .send(body as string);

describe('a stream of JSON lines over HTTP', () => {
  it('is answered line by line; blank lines and carriage returns do not count', async () => {
    const { body } = await send('{"a":1}\n\n{"a":2}\r\n\n{"a":3}');

    expect(body).toBe('{"a":1}\n{"a":2}\n{"a":3}\n');
  });

  it('is refused under another type', async () => {
    expect((await send('{}', 'application/json')).status).toBe(415);
  });

  it.each<[string, (number: string) => string | Buffer, number]>([
    ['is too long', (number) => `{"a":"${number}${'x'.repeat(MAX)}"}\n{"a":1}\n`, 413],
    ['is too long and never ends', (number) => number.repeat(20_000), 413],
    ['is not UTF-8', (number) => Buffer.from(`{"a":"${number}\xff"}\n`, 'latin1'), 400],
    ['is cut short', (number) => `{"a":"${number}\n`, 400],
    ['has a member twice', (number) => `{"a":"${number}","a":1}\n`, 400],
  ])(
    'is refused with a problem that repeats nothing when a line %s',
    async (_what, bodyOf, status) => {
      const number = makeIndividualNumber();

      const res = await send(bodyOf(number));

      expect(res.status).toBe(status);
      expect(res.headers['content-type']).toMatch(/^application\/problem\+json/);
      expect(String(res.body)).not.toContain(number);
    },
  );

  it('is answered although its sender never stops', async () => {
    const answer = Promise.withResolvers<number | undefined>();
    const headers = { 'Content-Type': 'application/x-ndjson' };
    const options = { port, host: '127.0.0.1', method: 'POST', path: '/lines', headers };
    const req = httpRequest(options, (res) => answer.resolve(res.statusCode));
    const write = () => void req.write('x'.repeat(8_192), (error) => error ?? setImmediate(write));
    req.on('error', answer.reject);
    write();

    expect(await answer.promise).toBe(413);
    req.destroy();
  });

  it('ends without its end when a later line is bad, so that it cannot pass for whole', async () => {
    await expect(send(`{"a":1}\n${'x'.repeat(MAX + 1)}\n`)).rejects.toThrow(/aborted|hang up/);
  });

  it('holds back while its reader is behind, and ends when the reader never moves', async () => {
    writing = Promise.withResolvers();
    const req = httpRequest({ port, host: '127.0.0.1', path: '/flood?idle=200' });
    req
      .on('response', (res) => res.pause())
      .on('error', () => undefined)
      .end();

    const error = await writing.promise;

    expect(error).toMatchObject({ code: 'deadline-exceeded' });
    expect(written).toBeLessThan(64 * 1024 * 1024);
    req.destroy();
  });

  it('ends at once when its reader goes away', async () => {
    writing = Promise.withResolvers();
    const req = httpRequest({ port, host: '127.0.0.1', path: '/flood?idle=60000' });
    req
      .on('response', () => req.destroy())
      .on('error', () => undefined)
      .end();

    expect(await writing.promise).toMatchObject({ detail: 'The reader of the answer went away.' });
  });
});
