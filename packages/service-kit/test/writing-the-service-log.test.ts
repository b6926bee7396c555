import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { makeIndividualNumber } from '@mnv/testing';
import fc from 'fast-check';
import winston from 'winston';
import { createLogger, safeFacts } from '../src/index.ts';
import type { Logger } from '../src/index.ts';

let output: PassThrough;
let log: Logger;
beforeEach(() => {
  output = new PassThrough();
  const transports = [new winston.transports.Stream({ stream: output })];
  log = createLogger({ service: 'vault', transports });
});

const written = () => (output.read() as Buffer | null)?.toString() ?? '';
const line = () => JSON.parse(written()) as Record<string, unknown>;

describe('the service log', () => {
  it('writes an event, its time and its listed facts as one line of JSON', () => {
    log.warn('append in doubt', { code: '08006', count: 3, ok: true, outcome: 'unknown' });

    expect(line()).toEqual({
      level: 'warn',
      message: 'append in doubt',
      service: 'vault',
      timestamp: expect.stringMatching(/Z$/),
      code: '08006',
      count: 3,
      outcome: 'unknown',
    });
  });

  it('drops what is on no list, and what is no plain value', () => {
    const secret = 'the secret';

    log.info('asked', {
      individualNumber: secret,
      body: secret,
      error: new Error(secret),
      reason: { nested: secret },
      settings: [secret],
      code: new Error(secret),
      outcome: secret.repeat(31),
      route: '/v1',
    });

    const text = written();
    expect(text).not.toContain(secret);
    expect(JSON.parse(text)).toMatchObject({ message: 'asked', route: '/v1' });
  });

  const fullWidth = (text: string) =>
    text.replaceAll(/[0-9]/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
  it.each<[string, (number: string) => unknown]>([
    ['in plain digits', (number) => `no ${number} here`],
    ['in groups', (number) => number.replaceAll(/(\d{4})(?=\d)/g, '$1-')],
    ['with wide spaces', (number) => number.replaceAll(/(\d{4})(?=\d)/g, '$1\u3000')],
    ['in full width', fullWidth],
    ['as a number', (number) => Number(`9${number.slice(1)}`)],
  ])('drops a fact that holds an Individual Number %s', (_how, write) => {
    log.info('asked', { reason: write(makeIndividualNumber()), route: '/v1' });

    expect(line()).toEqual(expect.not.objectContaining({ reason: expect.anything() }));
  });

  it('drops an event that holds an Individual Number', () => {
    log.info(`asked for ${makeIndividualNumber()}`);

    expect(line()).not.toHaveProperty('message');
  });

  it('keeps every request id, of digits alone as well', () => {
    fc.assert(
      fc.property(fc.uuid(), (requestId) => {
        log.info('asked', { requestId });
        return line()['requestId'] === requestId;
      }),
      { examples: [['12345678-1234-4234-8234-123456789012']] },
    );
  });

  it('is not misled by a format in an event or by the name of a level among the facts', () => {
    log.info('%s %j', { route: '/v1', level: 'error', message: 'other' });

    expect(line()).toMatchObject({ message: '%s %j', level: 'info', route: '/v1' });
  });
});

describe('what may be said of an error', () => {
  it('is its name and the codes of the database, and not its text', () => {
    const detail = `Key (number)=(${makeIndividualNumber()}) exists`;
    const error = Object.assign(new Error(detail), {
      code: '23505',
      detail,
      table: 'number_record',
      constraint: 'number_record_pkey',
      requestId: randomUUID(),
    });

    expect(safeFacts(error)).toEqual({
      errorName: 'Error',
      errorCode: '23505',
      table: 'number_record',
      constraint: 'number_record_pkey',
    });
  });

  it('is nothing when something else was thrown', () => {
    expect(safeFacts('a text')).toEqual({ errorName: 'NotAnError' });
  });
});
