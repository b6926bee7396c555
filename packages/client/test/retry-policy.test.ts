import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ProblemError } from '../src/problem-error.ts';
import {
  DEFAULT_RETRY,
  delayBefore,
  mayAskAgain,
  mayRepeatIdempotently,
  repeating,
} from '../src/retry.ts';
import { NotConnectedError, TransportError, transportErrorFrom } from '../src/transport-error.ts';
import { problemOf } from './scripted-server.ts';

const refused = (status: number, code: string, retryAfter?: number) =>
  new ProblemError(problemOf(status, code), retryAfter);
const QUICK = { attempts: 3, firstDelayMs: 1, longestDelayMs: 2 };

describe('deciding whether a disclosure may be asked for again', () => {
  it.each([
    ['the request never left', new TransportError('unreachable')],
    ['too much work was waiting', refused(503, 'overloaded')],
    ['there were too many requests', refused(429, 'too-many-requests')],
    ['the log could not take the entry', refused(503, 'log-unavailable')],
  ])('asks again when %s', (_when, error) => {
    expect(mayAskAgain(error)).toBe(true);
  });

  it.each([
    ['the answer was lost', new TransportError('outcome-unknown')],
    ['the answer was broken', new TransportError('answer-invalid')],
    ['the vault was silent', refused(503, 'vault-unavailable')],
    ['a deadline passed', refused(503, 'deadline-exceeded')],
    ['the log is forked', refused(503, 'log-forked')],
    ['the operator may not', refused(403, 'not-permitted')],
    ['the server is not the service', new TransportError('untrusted-server')],
  ])('leaves it to the caller when %s', (_when, error) => {
    expect(mayAskAgain(error)).toBe(false);
  });
});

describe('deciding whether a request under an idempotency key may be sent again', () => {
  it.each([
    ['the answer was lost', new TransportError('outcome-unknown')],
    ['the same request is in flight', refused(409, 'idempotency-in-flight')],
    ['a database was away', refused(503, 'database-unavailable')],
  ])('sends again when %s', (_when, error) => {
    expect(mayRepeatIdempotently(error)).toBe(true);
  });

  it.each([
    ['the record exists', refused(409, 'record-exists')],
    ['the key was used for something else', refused(422, 'idempotency-mismatch')],
    ['the server is not the service', new TransportError('untrusted-server')],
  ])('does not when %s', (_when, error) => {
    expect(mayRepeatIdempotently(error)).toBe(false);
  });
});

describe('a failure of the connection', () => {
  const failing = (code: string) => Object.assign(new Error('socket'), { code });

  it.each([
    ['ECONNREFUSED', 'unreachable'],
    ['ECONNRESET', 'unreachable'],
    ['UND_ERR_CONNECT_TIMEOUT', 'unreachable'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'untrusted-server'],
    ['A_CODE_NOBODY_KNOWS', 'unreachable'],
  ])('with code %s before it stood counts as %s', (code, failure) => {
    const error = transportErrorFrom(new NotConnectedError(failing(code)));

    expect(error).toMatchObject({ code: failure, causeCode: code });
  });

  it.each(['ECONNRESET', 'ECONNREFUSED', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 'ANOTHER'])(
    'with code %s once it stood leaves the outcome unknown',
    (code) => {
      expect(transportErrorFrom(failing(code)).code).toBe('outcome-unknown');
    },
  );

  it('does not take over the text of its cause', () => {
    const error = transportErrorFrom(new Error('the body was …'));

    expect(error.message).not.toContain('body');
    expect(error.cause).toBeUndefined();
  });
});

describe('waiting before the next attempt', () => {
  it('grows, stays under its ceiling, and is never nothing', () => {
    const attempts = fc.integer({ min: 1, max: 40 });
    const chance = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(attempts, chance, (attempt, random) => {
        const delay = delayBefore(DEFAULT_RETRY, { attempt, error: undefined, random });
        return delay >= 100 && delay <= DEFAULT_RETRY.longestDelayMs;
      }),
    );
  });

  it('is at least what the server wishes, and never more than a minute', () => {
    const failed = { attempt: 1, random: 0 };

    expect(
      delayBefore(DEFAULT_RETRY, { ...failed, error: refused(503, 'overloaded', 7) }),
    ).toBeGreaterThanOrEqual(7_000);
    expect(
      delayBefore(DEFAULT_RETRY, { ...failed, error: refused(503, 'overloaded', 86_400) }),
    ).toBe(60_000);
  });

  it('gives up after the attempts allowed, with the last error', async () => {
    let tries = 0;
    const work = () => Promise.reject(refused(503, `try-${(tries += 1)}`));

    await expect(repeating(QUICK, () => true, work)).rejects.toMatchObject({ code: 'try-3' });
    expect(tries).toBe(3);
  });
});
