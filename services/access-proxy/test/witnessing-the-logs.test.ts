import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { witnessesOfPolicy } from '@mnv/service-kit';
import { expectForbidden, fixedClock } from '@mnv/testing';
import { openNote, parsePolicy } from '@mnv/transparency-log';
import type { LogIdentity } from '../src/log/log-head.ts';
import { witnessProcess } from './witness-process.ts';
import { openWitnessingWorld, sizeOf } from './witnessing-world.ts';
import type { WitnessingWorld } from './witnessing-world.ts';

const time = fixedClock(Date.parse('2026-12-01T00:00:00Z'));
const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;

let world: WitnessingWorld;
let witness: Awaited<ReturnType<typeof witnessProcess>>;
beforeAll(async () => {
  world = await openWitnessingWorld(time.now);
  witness = await witnessProcess(world.vkey);
});
afterAll(async () => {
  await witness.client.close();
  await witness.close();
  await world.database.drop();
});

const openWatch = () => world.openWatch([witness.client]);
const makeLog = () => world.makeLog();
const append = (log: LogIdentity, count: number) => world.append(log, count);
const witnessedNote = (log: LogIdentity) => world.witnessedNote(log);

describe('a log that has an external witness', () => {
  it('has its newest checkpoint cosigned in the next round, however it grew', async () => {
    const log = await makeLog();
    const watch = openWatch();
    for (const count of [1, 3, 300]) {
      await append(log, count);
      await watch.round();
      const note = await witnessedNote(log);
      expect(openNote(note ?? '', [witness.vkey]).verified).toHaveLength(1);
    }
    expect(sizeOf(await witnessedNote(log))).toBe(304);
    expect(world.alarms).toEqual([]);
  });

  it('is brought abreast by another instance that knows less of the witness', async () => {
    const log = await makeLog();
    await append(log, 2);
    await openWatch().round();
    await world.database
      .pool('postgres')
      .query('delete from access.log_witnessed where log_id = $1', [log.logId]);
    expect(sizeOf(await witnessedNote(log))).toBe(2);
    await append(log, 5);
    await openWatch().round();
    expect(sizeOf(await witnessedNote(log))).toBe(7);
  });
});

describe('a log whose witness is away', () => {
  it('alarms after ten minutes and refuses after 24 hours, counted from the first entry nobody saw', async () => {
    const log = await makeLog();
    await append(log, 1);
    await openWatch().round();
    time.advance(30 * 24 * HOUR_MS);
    await append(log, 1);
    await witness.kill();

    // A fresh watch each time: a restart must not reset the age.
    await openWatch().round();
    const unwitnessed = () => world.alarms.filter(({ event }) => event.includes('ten minutes'));
    expect(unwitnessed()).toEqual([]);

    time.advance(10 * MINUTE_MS);
    const alarmed = openWatch();
    await alarmed.round();
    expect(unwitnessed()).toHaveLength(1);
    expect(() => alarmed.requireWitnessed(log.logId)).not.toThrow();

    time.advance(24 * HOUR_MS - 10 * MINUTE_MS);
    const refusing = openWatch();
    await refusing.round();
    expect(() => refusing.requireWitnessed(log.logId)).toThrow('log-unavailable');
    const other = await makeLog();
    expect(() => refusing.requireWitnessed(other.logId)).not.toThrow();

    await witness.start();
    await refusing.round();
    expect(() => refusing.requireWitnessed(log.logId)).not.toThrow();
  });
});

describe('a log whose database was set back', () => {
  async function setBackTo(log: LogIdentity, size: number): Promise<void> {
    const admin = world.database.pool('postgres', { max: 1 });
    // As a restored backup is: no trigger was asked.
    await admin.query('set session_replication_role = replica');
    await admin.query('delete from access.log_batch where log_id = $1 and start >= $2', [
      log.logId,
      size,
    ]);
    await admin.query('delete from access.log_witnessed where log_id = $1', [log.logId]);
    await admin.end();
  }

  it('is refused and named at the first round after a start, though nothing was appended', async () => {
    const log = await makeLog();
    await append(log, 3);
    await append(log, 4);
    await openWatch().round();
    await setBackTo(log, 3);

    const watch = openWatch();
    await watch.round();
    expect(() => watch.requireNotSetBack(log.logId)).toThrow('log-unavailable');
    expect(world.alarms.map(({ event }) => event)).toContain(
      'the log is not the one that a witness cosigned',
    );
  });

  it('is refused when it has grown again past what the witness saw', async () => {
    const log = await makeLog();
    await append(log, 3);
    await append(log, 4);
    await openWatch().round();
    await setBackTo(log, 3);
    await append(log, 9);

    const watch = openWatch();
    await watch.round();
    expect(() => watch.requireNotSetBack(log.logId)).toThrow('log-unavailable');
  });
});

describe('the memory of what was witnessed', () => {
  it('cannot be removed by the service, nor given to another log', async () => {
    await expectForbidden(world.pool, [
      'delete from log_witnessed',
      'update log_witnessed set log_id = gen_random_uuid()',
      'truncate log_witnessed',
      'delete from log_cosigned',
      'update log_cosigned set witnesses = 9',
      'truncate log_cosigned',
    ]);
  });
});

describe('a trust policy for the proxy', () => {
  it('must name a witness that can be reached by https', () => {
    const policyOf = (lines: string) => parsePolicy(`log ${world.vkey}\n${lines}\nquorum none\n`);
    const key = witness.vkey;
    expect(() => witnessesOfPolicy(policyOf(''), 'POLICY_FILE')).toThrow('POLICY_FILE');
    expect(() => witnessesOfPolicy(policyOf(`witness a ${key}`), 'POLICY_FILE')).toThrow(
      'no external witness',
    );
    expect(() =>
      witnessesOfPolicy(policyOf(`witness a ${key} http://example.org`), 'POLICY_FILE'),
    ).toThrow('https alone');
    expect(
      witnessesOfPolicy(policyOf(`witness a ${key} https://example.org`), 'POLICY_FILE'),
    ).toHaveLength(1);
  });
});
