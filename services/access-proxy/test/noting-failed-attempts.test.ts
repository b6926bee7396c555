import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { makeNoteFailedAttempt } from '../src/note-failed-attempt.ts';
import type { LogWorld } from './log-world.ts';
import { openLogWorld } from './log-world.ts';

let world: LogWorld;
beforeAll(async () => {
  world = await openLogWorld();
});
afterAll(() => world.database.drop());
afterEach(() => void jest.useRealTimers());

const MINUTE_MS = 60_000;

/** Only the minute passes faster; the database and its answers are real. */
function startNoting() {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
  const writer = world.writer();
  const operatorLog = world.makeLog();
  const lost: unknown[] = [];
  const note = makeNoteFailedAttempt({
    operatorLog,
    append: writer.append.bind(writer),
    reportLost: (error) => void lost.push(error),
  });
  const noted = async () => {
    await writer.idle();
    expect(lost).toEqual([]);
    return (await world.checked(operatorLog)).entries;
  };
  return { note, noted };
}

describe('attempts without a valid token', () => {
  it('are noted with certificate and reason, and name nobody', async () => {
    const { note, noted } = startNoting();
    await note({ x5t: 'certificate-a', code: 'token-invalid' });
    expect(await noted()).toMatchObject([
      {
        k: 'deny',
        op: 'authenticate',
        x5t: 'certificate-a',
        dec: 'deny:token-invalid',
        sub: '',
        cnt: 1,
      },
    ]);
  });

  it('fill the log with sixty entries a minute for each certificate, and one that counts the rest', async () => {
    const { note, noted } = startNoting();
    for (let at = 0; at < 200; at += 1) await note({ x5t: 'flood', code: 'token-invalid' });
    await note({ x5t: 'other', code: 'token-required' });
    expect(await noted()).toHaveLength(61);
    // Nobody has to come again for the flood to be summed up.
    jest.advanceTimersByTime(MINUTE_MS);
    const entries = await noted();
    expect(entries).toHaveLength(62);
    expect(entries.at(-1)).toMatchObject({ x5t: 'flood', cnt: 140 });
    await note({ x5t: 'flood', code: 'token-invalid' });
    expect(await noted()).toHaveLength(63);
  });

  it('leave no summary when none was left out', async () => {
    const { note, noted } = startNoting();
    await note({ x5t: 'once', code: 'token-invalid' });
    jest.advanceTimersByTime(2 * MINUTE_MS);
    expect(await noted()).toHaveLength(1);
  });
});
