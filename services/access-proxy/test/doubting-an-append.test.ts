import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Refusal } from '@mnv/core';
import type { FaultyProxy } from '@mnv/testing';
import { startFaultyProxy } from '@mnv/testing';
import type pg from 'pg';
import type { LogIdentity } from '../src/log/log-head.ts';
import type { LogWorld } from './log-world.ts';
import { aRequest, begun, openLogWorld } from './log-world.ts';

let world: LogWorld;
let admin: pg.Pool;
let weather: FaultyProxy;
beforeAll(async () => {
  world = await openLogWorld();
  admin = world.database.pool('postgres');
  const { hostname, port } = new URL(world.database.dsnOf('access_service'));
  weather = await startFaultyProxy({ host: hostname, port: Number(port) });
});
afterAll(async () => {
  await weather.close();
  await world.database.drop();
});

/** A writer whose connections pass through the weather. */
function exposedWriter() {
  const connectionString = weather.through(world.database.dsnOf('access_service'));
  const through = world.database.pool('access_service', {
    connectionString,
    max: 2,
    connectionTimeoutMillis: 500,
  });
  return { writer: world.writer({ through }), through };
}

const appendTo = (writer: ReturnType<LogWorld['writer']>, log: LogIdentity) => {
  const drafts = aRequest(2);
  return writer.append(log, drafts, 'interactive').then(
    () => ({ rid: drafts[0]!.rid, acknowledged: true, error: undefined }),
    (error: unknown) => ({ rid: drafts[0]!.rid, acknowledged: false, error }),
  );
};

/** Appends until it is acknowledged; connections that the weather broke are found out one by one. */
async function appendAgain(writer: ReturnType<LogWorld['writer']>, log: LogIdentity) {
  const outcomes = [await appendTo(writer, log)];
  for (let tries = 0; tries < 3 && !outcomes.at(-1)!.acknowledged; tries += 1)
    outcomes.push(await appendTo(writer, log));
  expect(outcomes.at(-1)!.acknowledged).toBe(true);
  return outcomes;
}

async function expectSound(log: LogIdentity, outcomes: Awaited<ReturnType<typeof appendTo>>[]) {
  const { entries } = await world.checked(log);
  const stored = Map.groupBy(entries, (entry) => entry.rid);
  for (const { rid, acknowledged, error } of outcomes) {
    const count = stored.get(rid)?.length ?? 0;
    if (acknowledged) expect(count).toBe(2);
    else {
      expect([0, 2]).toContain(count);
      expect(error).toBeInstanceOf(Refusal);
      expect(error).toMatchObject({ code: 'log-unavailable' });
    }
  }
  return stored;
}

describe('an append whose end is in doubt', () => {
  it.each([
    ['the statement never arrived', 'to-server', false],
    ['the answer was lost', 'to-client', true],
  ] as const)('is refused when %s, and the log goes on', async (_what, direction, persisted) => {
    const { writer, through } = exposedWriter();
    const log = world.makeLog();
    const before = await appendTo(writer, log);
    weather.cut(direction);
    const doubtful = await appendTo(writer, log);
    weather.heal();
    weather.reset();
    const after = await appendTo(writer, log);
    expect([before, doubtful, after].map((one) => one.acknowledged)).toEqual([true, false, true]);
    const stored = await expectSound(log, [before, doubtful, after]);
    expect(stored.has(doubtful.rid)).toBe(persisted);
    expect(writer.doubts).toHaveLength(1);
    await through.end();
  });

  it.each(['to-server', 'to-client'] as const)(
    'is never acknowledged wrongly wherever the connection breaks %s',
    async (direction) => {
      const { writer, through } = exposedWriter();
      const log = world.makeLog();
      const outcomes: Awaited<ReturnType<typeof appendTo>>[] = [];
      let untouched = false;
      for (let bytes = 1; !untouched; bytes += direction === 'to-server' ? 211 : 17) {
        outcomes.push(...(await appendAgain(writer, log)));
        weather.dropAfter(direction, bytes);
        const broken = await appendTo(writer, log);
        outcomes.push(broken);
        untouched = broken.acknowledged;
        weather.heal();
        weather.reset();
      }
      outcomes.push(...(await appendAgain(writer, log)));
      const stored = await expectSound(log, outcomes);
      expect(outcomes.filter((one) => !one.acknowledged).length).toBeGreaterThan(4);
      if (direction === 'to-client')
        expect(outcomes.some((one) => !one.acknowledged && stored.has(one.rid))).toBe(true);
      await through.end();
    },
  );

  it('is refused at its deadline when the table is locked, and may become visible later', async () => {
    const writer = world.writer();
    const log = world.makeLog();
    const before = await appendTo(writer, log);
    const locker = await admin.connect();
    await locker.query('begin; lock table access.log_batch in exclusive mode');
    const doubtful = await appendTo(writer, log);
    await locker.query('rollback');
    locker.release();
    const after = await appendTo(writer, log);
    expect([before, doubtful, after].map((one) => one.acknowledged)).toEqual([true, false, true]);
    await expectSound(log, [before, doubtful, after]);
  });

  it('is refused when opening the log takes too long, and takes nobody else along for longer', async () => {
    const writer = world.writer({ loadHead: () => new Promise(() => undefined) });
    const refused = await appendTo(writer, world.makeLog());
    expect(refused.error).toMatchObject({ code: 'log-unavailable' });
    expect(writer.doubts).toMatchObject([{ name: 'IndeterminateError', code: 'deadline' }]);
  });

  it('is refused when the server warns, although the entry is stored', async () => {
    const writer = world.writer();
    const log = world.makeLog();
    const before = await appendTo(writer, log);
    await admin.query(`
      create function access.warn() returns trigger language plpgsql as
        $$ begin raise warning 'committed locally, but might not have been replicated'; return null; end $$;
      create trigger warn after insert on access.log_batch for each statement execute function access.warn()`);
    const doubtful = await appendTo(writer, log);
    await admin.query('drop trigger warn on access.log_batch; drop function access.warn()');
    const after = await appendTo(writer, log);
    expect([before, doubtful, after].map((one) => one.acknowledged)).toEqual([true, false, true]);
    const stored = await expectSound(log, [before, doubtful, after]);
    expect(stored.get(doubtful.rid)).toHaveLength(2);
  });

  it('is refused in all logs of a commit that the server undid, and only there', async () => {
    const writer = world.writer();
    const [log, other] = [world.makeLog(), world.makeLog()];
    await admin.query(
      `alter table access.log_batch add constraint full_disk check (log_id <> '${log.logId}') not valid`,
    );
    const sound = appendTo(writer, other);
    await begun(writer, 1);
    const [first, second, third] = await Promise.all([
      sound,
      appendTo(writer, log),
      appendTo(writer, other),
    ]);
    await admin.query('alter table access.log_batch drop constraint full_disk');
    expect([first, second, third].map((one) => one?.acknowledged)).toEqual([true, false, false]);
    const after = [await appendTo(writer, log), await appendTo(writer, other)];
    expect(after.map((one) => one.acknowledged)).toEqual([true, true]);
    expect((await world.checked(log)).size).toBe(2);
    expect((await world.checked(other)).size).toBe(4);
  });

  it.each([
    ['an entry', `set_byte(entries, 100, get_byte(entries, 100) # 1)`, 'entries'],
    ['the edge', `set_byte(edge, 5, get_byte(edge, 5) # 1)`, 'edge'],
    ['the root', `set_byte(root, 5, get_byte(root, 5) # 1)`, 'root'],
  ])(
    'is refused behind a batch in which %s was altered, until it is mended',
    async (what, altered, column) => {
      const log = world.makeLog();
      const running = world.writer();
      const before = await appendTo(running, log);
      const flip = () =>
        admin.query(`update access.log_batch set ${column} = ${altered} where log_id = $1`, [
          log.logId,
        ]);
      await flip();
      const restarted = world.writer();
      const refused = [await appendTo(restarted, log)];
      // A running writer signs nothing over leaves that are not there any more as they were hashed.
      if (what === 'an entry') refused.push(await appendTo(running, log));
      expect(refused.map((one) => one.acknowledged)).not.toContain(true);
      await flip();
      const after = [await appendTo(restarted, log), await appendTo(running, log)];
      expect(after.map((one) => one.acknowledged)).toEqual([true, true]);
      const stored = await expectSound(log, [before, ...refused, ...after]);
      expect(refused.some((one) => stored.has(one.rid))).toBe(false);
    },
  );
});
