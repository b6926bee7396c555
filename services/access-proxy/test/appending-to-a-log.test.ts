import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { fixedClock } from '@mnv/testing';
import type { LogWorld } from './log-world.ts';
import { aRequest, begun, openLogWorld } from './log-world.ts';

let world: LogWorld;
beforeAll(async () => {
  world = await openLogWorld();
});
afterAll(() => world.database.drop());

const START = Date.parse('2026-12-01T00:00:00Z');

describe('appending to a log', () => {
  it('shares one commit between all requests of all logs that wait for it', async () => {
    const writer = world.writer();
    const logs = [world.makeLog(), world.makeLog(), world.makeLog()];
    const append = (at: number) => writer.append(logs[at % 3]!, aRequest(2), 'interactive');
    const together = Array.from({ length: 10 }, (_, at) => append(at));
    await begun(writer, 1);
    const meanwhile = Array.from({ length: 20 }, (_, at) => append(10 + at));
    await Promise.all([...together, ...meanwhile]);
    expect(writer.statements).toEqual([20, 40]);
    for (const log of logs) expect((await world.checked(log)).size).toBe(20);
  });

  it('keeps the entries of a request together, in their order, where it says they are', async () => {
    const writer = world.writer();
    const log = world.makeLog();
    const requests = Array.from({ length: 20 }, (_, at) => aRequest(1 + (at % 5)));
    const appended = await Promise.all(
      requests.map((drafts) => writer.append(log, drafts, 'interactive')),
    );
    const { entries } = await world.checked(log);
    appended.forEach(({ first, entries: own }, at) => {
      const stored = entries.slice(first, first + own.length);
      expect(stored.map((entry) => entry.rec)).toEqual(requests[at]!.map((draft) => draft.rec));
      expect(own.map((bytes) => JSON.parse(String(bytes)) as object)).toEqual(stored);
    });
  });

  it('does not let an interactive request wait behind bulk ones', async () => {
    const writer = world.writer();
    const log = world.makeLog();
    let ended = 0;
    const bulk = Array.from({ length: 24 }, () =>
      writer.append(log, aRequest(500), 'bulk').finally(() => (ended += 1)),
    );
    const all = Promise.allSettled(bulk);
    await begun(writer, 1);
    await writer.append(world.makeLog(), aRequest(1), 'interactive');
    expect(writer.statements).toHaveLength(2);
    expect(ended).toBeLessThan(24);
    // On a slow machine some of them wait longer than they may, and are shed.
    const written = (await all).filter((one) => one.status === 'fulfilled').length;
    expect((await world.checked(log)).size).toBe(500 * written);
  });

  it('sheds what its bounded queue cannot take, and writes what it took', async () => {
    const writer = world.writer();
    const log = world.makeLog();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, () => writer.append(log, aRequest(500), 'bulk')),
    );
    const shed = outcomes.filter((one) => one.status === 'rejected');
    // 20,000 entries wait: they came at once, and none is in flight yet.
    const full = shed.filter(({ reason }) => reason.detail.startsWith('Too many entries wait'));
    expect(full).toHaveLength(60 - 20_000 / 500);
    for (const one of full) expect(one.reason).toMatchObject({ code: 'overloaded' });
    // A slow machine sheds more, at their deadline, and does not know of some whether they were written.
    const doubtful = shed.filter(({ reason }) => reason.code !== 'overloaded');
    for (const one of doubtful) expect(one.reason).toMatchObject({ code: 'log-unavailable' });
    const { size } = await world.checked(log);
    expect(size).toBeGreaterThanOrEqual(500 * (60 - shed.length));
    expect(size).toBeLessThanOrEqual(500 * (60 - shed.length + doubtful.length));
  });

  it('gives entries the time of the log when the clock is set back a little, and none when far', async () => {
    const time = fixedClock(START);
    const writer = world.writer({ clock: time.now });
    const log = world.makeLog();
    await writer.append(log, aRequest(1), 'interactive');
    time.set(START - 20_000);
    await writer.append(log, aRequest(1), 'interactive');
    time.set(START - 40_000);
    await expect(writer.append(log, aRequest(1), 'interactive')).rejects.toMatchObject({
      code: 'log-unavailable',
    });
    expect(writer.doubts).toMatchObject([{ name: 'ClockBehindLog' }]);
    time.set(START + 1);
    await writer.append(log, aRequest(1), 'interactive');
    const { entries } = await world.checked(log);
    expect(entries.map((entry) => entry.t - START)).toEqual([0, 0, 1]);
  });

  it('never forks between writers that know nothing of each other', async () => {
    const log = world.makeLog();
    const writers = [world.writer(), world.writer(), world.writer()];
    const requests = Array.from({ length: 90 }, () => aRequest(2));
    const outcomes = await Promise.allSettled(
      requests.map((drafts, at) => writers[at % 3]!.append(log, drafts, 'interactive')),
    );
    const { entries } = await world.checked(log);
    const stored = Map.groupBy(entries, (entry) => entry.rid);
    outcomes.forEach((outcome, at) => {
      // Refused after many lost races is allowed; stored twice, or lost, is not.
      const expected = outcome.status === 'fulfilled' ? 2 : 0;
      expect(stored.get(requests[at]![0]!.rid)?.length ?? 0).toBe(expected);
    });
    expect(writers.flatMap((one) => one.doubts)).toEqual([]);
    expect(outcomes.some((one) => one.status === 'fulfilled')).toBe(true);
  });

  it('goes on where another writer stopped', async () => {
    const log = world.makeLog();
    const [one, other] = [world.writer(), world.writer()];
    for (const writer of [one, other, one, one, other]) {
      await writer.append(log, aRequest(3), 'interactive');
    }
    expect((await world.checked(log)).size).toBe(15);
  });

  it('is idle once everything is written', async () => {
    const writer = world.writer();
    const log = world.makeLog();
    for (let at = 0; at < 5; at += 1) void writer.append(log, aRequest(1), 'bulk');
    await writer.idle();
    expect((await world.checked(log)).size).toBe(5);
  });

  it('holds for any mixture of logs, sizes, lanes and pauses', async () => {
    const request = fc.record({
      log: fc.nat(2),
      n: fc.integer({ min: 1, max: 9 }),
      lane: fc.constantFrom('interactive' as const, 'bulk' as const),
      writer: fc.nat(1),
      pause: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 25 }), async (requests) => {
        const logs = [world.makeLog(), world.makeLog(), world.makeLog()];
        const writers = [world.writer(), world.writer()];
        const sizes = [0, 0, 0];
        const pending: Promise<unknown>[] = [];
        for (const { log, n, lane, writer, pause } of requests) {
          sizes[log]! += n;
          pending.push(writers[writer]!.append(logs[log]!, aRequest(n), lane));
          if (pause) await Promise.all(pending);
        }
        await Promise.all(pending);
        const stored = await Promise.all(logs.map(async (log) => (await world.checked(log)).size));
        expect(stored).toEqual(sizes);
      }),
      { numRuns: 12 },
    );
  });
});
