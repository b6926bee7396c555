import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createKysely, witnessesOfPolicy } from '@mnv/service-kit';
import { type TestDatabase, createTestDatabase, expectForbidden, fixedClock } from '@mnv/testing';
import { newLogKey, openNote, parsePolicy } from '@mnv/transparency-log';
import type { Kysely } from 'kysely';
import type { Pool } from 'pg';
import type { AccessDatabase } from '../src/database.ts';
import { LogWriter } from '../src/log/append-entries.ts';
import { insertBatches, loadHead, readBatches } from '../src/log/log-batch.repository.ts';
import { findTile, insertTile } from '../src/log/log-tile.repository.ts';
import { newLog } from '../src/log/open-log.ts';
import type { EntryDraft, LogIdentity } from '../src/log/log-head.ts';
import { makeTileReader } from '../src/log/read-nodes.ts';
import { insertTenant } from '../src/log/tenant.repository.ts';
import { openWitnessWatch } from '../src/witness/open-witness-watch.ts';
import { newestWitnessed } from '../src/witness/witnessed.repository.ts';
import { witnessProcess } from './witness-process.ts';

const { privateKey, vkey } = newLogKey('test/access');
const time = fixedClock(Date.parse('2026-12-01T00:00:00Z'));
const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;

let database: TestDatabase;
let pool: Pool;
let db: Kysely<AccessDatabase>;
let witness: Awaited<ReturnType<typeof witnessProcess>>;
let alarms: { event: string; facts: object }[] = [];

beforeAll(async () => {
  database = await createTestDatabase('access');
  pool = database.pool('access_service');
  db = createKysely<AccessDatabase>(pool);
  witness = await witnessProcess(vkey);
});
afterAll(async () => {
  await witness.client.close();
  await witness.close();
  await database.drop();
});

const readStored = (logId: string, range: { first: number; limit: number }) =>
  readBatches(db, logId, range);

function openWatch() {
  alarms = [];
  const heard = (event: string, facts: object = {}) => void alarms.push({ event, facts });
  return openWitnessWatch({
    db,
    readBatches: readStored,
    tileReaderOf: (logId) =>
      makeTileReader(
        logId,
        {
          findTile: (id, level, idx) => findTile(db, id, { level, idx }),
          insertTile: (id, tile) => insertTile(db, id, tile),
        },
        readStored,
      ),
    witnesses: [witness.client],
    log: { info: () => undefined, warn: heard, error: heard },
    clock: time.now,
  });
}

async function makeLog(): Promise<LogIdentity> {
  const tenantId = `t-${randomUUID().slice(0, 8)}`;
  return insertTenant(db, { tenantId, name: tenantId, ...newLog('test') }, 'test');
}

async function append(log: LogIdentity, count: number): Promise<void> {
  const writer = new LogWriter({
    loadHead: (logId) => loadHead(db, logId),
    insertBatches: (batches, deadlineMs) => insertBatches(pool, batches, deadlineMs),
    reportDoubt: () => undefined,
    signingKey: privateKey,
    clock: time.now,
  });
  await writer.append(log, Array.from({ length: count }, anAct), 'interactive');
}

function anAct(): EntryDraft {
  const none = { rec: '', iss: '', sub: '', act: '', x5t: '', tok: '', rqh: '', pur: '', case: '' };
  const act = { k: 'act', rid: randomUUID(), ten: 't-001', op: 'view-report' } as const;
  return { ...none, ...act, pol: 'p1', dec: 'allow', cnt: 1 };
}

const witnessedNote = (log: LogIdentity) => newestWitnessed(db, log.logId);
const sizeOf = (note: string | undefined) => Number(note?.split('\n')[1]);

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
    expect(alarms).toEqual([]);
  });

  it('is brought abreast by another instance that knows less of the witness', async () => {
    const log = await makeLog();
    await append(log, 2);
    await openWatch().round();
    await database
      .pool('postgres')
      .query('delete from access.log_witnessed where log_id = $1', [log.logId]);
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
    const unwitnessed = () => alarms.filter(({ event }) => event.includes('ten minutes'));
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
    const admin = database.pool('postgres', { max: 1 });
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
    expect(alarms.map(({ event }) => event)).toContain(
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
    await expectForbidden(pool, [
      'delete from log_witnessed',
      'update log_witnessed set log_id = gen_random_uuid()',
      'truncate log_witnessed',
    ]);
  });
});

describe('a trust policy for the proxy', () => {
  it('must name a witness that can be reached by https', () => {
    const policyOf = (lines: string) => parsePolicy(`log ${vkey}\n${lines}\nquorum none\n`);
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
