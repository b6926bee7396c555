import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ServiceAnswer } from '@mnv/service-kit';
import { makeIndividualNumber } from '@mnv/testing';
import { problemOf } from './world/answers.ts';
import { makeRecord } from './world/number-record.ts';
import type { RunningVault } from './world/running-vault.ts';
import { createWorld, storeLines } from './world.ts';
import type { Tenant, World } from './world.ts';

let world: World;
let vault: RunningVault;
let tenant: Tenant;

beforeAll(async () => {
  world = await createWorld();
  vault = await world.startVault();
  tenant = await world.createTenant(vault, 't-001');
});
afterAll(() => world.close());

type Line = { recordId?: string; problem?: string; detail?: string };

const linesOf = (answer: ServiceAnswer) => (answer.body as { lines: Line[] }).lines;
const line = (record: unknown, key: string = randomUUID()) => ({ key, record });

async function storeOne(record: unknown, key?: string): Promise<Line> {
  const [answer] = linesOf(await storeLines(vault, tenant, { lines: [line(record, key)] }));
  return answer as Line;
}

async function asAdministrator(statement: string, values: unknown[] = []) {
  const pool = world.database.pool('postgres', { max: 1 });
  const { rows } = await pool.query<Record<string, unknown>>(statement, values);
  await pool.end();
  return rows;
}

describe('a repeat', () => {
  it('of the same key and body answers the same id', async () => {
    const record = makeRecord();
    const key = randomUUID();
    const first = await storeOne(record, key);
    expect(first.recordId).toBeDefined();
    expect(await storeOne(record, key)).toEqual(first);
  });

  it('of the same key with another body or number is refused', async () => {
    const record = makeRecord();
    const key = randomUUID();
    await storeOne(record, key);
    const changed = [
      { ...record, individualNumber: makeIndividualNumber() },
      { ...record, purposes: ['TAX-LOCAL'] },
      { ...record, noticeVersion: 'other' },
      { ...record, individualRef: 'other' },
      { ...record, verification: { ...record.verification, verifiedOn: '2026-04-02' } },
    ];
    for (const body of changed)
      expect(await storeOne(body, key)).toEqual({ problem: 'idempotency-mismatch' });
  });

  it('of the same key 50 times at once makes one record', async () => {
    const record = makeRecord();
    const key = randomUUID();
    const second = await world.startVault();
    const calls = Array.from({ length: 50 }, (_, at) =>
      storeLines(at % 2 ? vault : second, tenant, { lines: [line(record, key)] }),
    );
    const answers = await Promise.all(calls);
    const ids = answers.flatMap((one) => (one.status === 200 ? linesOf(one) : []));
    const refused = answers.filter((one) => one.status !== 200);
    expect(refused.map(problemOf).filter((problem) => !problem.startsWith('503'))).toEqual([]);
    expect(new Set(ids.map((one) => one.recordId ?? one.problem)).size).toBe(1);
    const count = 'select count(*)::int as n from vault.number_record where individual_ref = $1';
    expect(await asAdministrator(count, [record.individualRef])).toEqual([{ n: 1 }]);
  });

  it('of overlapping batches in opposite orders at once makes each record once', async () => {
    const lines = Array.from({ length: 40 }, () => line(makeRecord()));
    const calls = Array.from({ length: 8 }, (_, at) =>
      storeLines(vault, tenant, { lines: at % 2 ? lines : lines.toReversed() }),
    );
    const statuses = (await Promise.all(calls)).map((one) => one.status);
    expect(statuses.filter((status) => ![200, 409].includes(status))).toEqual([]);
    const answer = linesOf(await storeLines(vault, tenant, { lines }));
    expect(new Set(answer.map((one) => one.recordId)).size).toBe(lines.length);
  });

  it('is tried again when the database ends it to break a deadlock', async () => {
    const lines = Array.from({ length: 20 }, () => line(makeRecord()));
    const [first, last] = [lines[0]?.key, lines.at(-1)?.key];
    const pool = world.database.pool('postgres', { max: 2 });
    const session = await pool.connect();
    const take = (key: string | undefined) =>
      session.query(
        `insert into vault.idempotency values ('t-001', 'payroll', 'records', $1,
           decode(repeat('00', 32), 'hex'), gen_random_uuid(), now() + interval '1 day')`,
        [key],
      );
    await session.query('begin');
    await take(last);
    const storing = storeLines(vault, tenant, { lines });
    const waiting = `select count(*)::int as n from pg_stat_activity
      where datname = current_database() and usename = 'vault_service' and wait_event_type = 'Lock'`;
    while ((await pool.query<{ n: number }>(waiting)).rows[0]?.n !== 1);
    await take(first); // the store holds it and waits for the last: it has waited longer, and is ended
    await session.query('rollback');
    session.release();
    expect(linesOf(await storing).every((one) => one.recordId !== undefined)).toBe(true);
  });

  it('of a key on another route, or by another client or tenant, is another request', async () => {
    const record = makeRecord();
    const lines = [line(record)];
    await storeLines(vault, tenant, { lines });
    const elsewhere = await world.createTenant(vault, `t-${randomUUID().slice(0, 8)}`);
    const colleague = { ...tenant, client: world.client('hr', 't-001') };
    const answers = [
      await storeLines(vault, tenant, { lines, route: 'records/batch' }),
      await storeLines(vault, colleague, { lines }),
      await storeLines(vault, elsewhere, { lines }),
    ];
    expect(answers.flatMap(linesOf).map((one) => one.problem)).toEqual([
      'record-exists',
      'record-exists',
      undefined,
    ]);
  });

  it('of a key past its time is a new request', async () => {
    const key = randomUUID();
    await storeOne(makeRecord(), key);
    await asAdministrator(`update vault.idempotency set expires_at = now() where key = $1`, [key]);
    expect(await storeOne(makeRecord(), key)).toEqual({ recordId: expect.any(String) });
  });

  it('of a record that was disposed of since says so, and its individual may be stored anew', async () => {
    const record = makeRecord();
    const key = randomUUID();
    const { recordId } = await storeOne(record, key);
    await asAdministrator(
      'update vault.number_record set disposed_at = now() where record_id = $1',
      [recordId],
    );
    expect(await storeOne(record, key)).toEqual({ problem: 'already-disposed' });
    expect(await storeOne(record)).toEqual({ recordId: expect.any(String) });
  });
});

describe('one individual', () => {
  it('has one living record of a kind in a tenant', async () => {
    const record = makeRecord();
    await storeOne(record);
    const again = makeRecord({ individualRef: record.individualRef });
    expect(await storeOne(again)).toEqual({ problem: 'record-exists' });
    const payee = { ...again, subject: 'P', purposes: ['PAY-309'] };
    expect(await storeOne(payee)).toEqual({ recordId: expect.any(String) });
  });

  it('is stored once when two lines of a call name it, and when 10 calls do at once', async () => {
    const individualRef = 'E-twice';
    const lines = () => [line(makeRecord({ individualRef })), line(makeRecord({ individualRef }))];
    const calls = Array.from({ length: 10 }, () => storeLines(vault, tenant, { lines: lines() }));
    const answers = (await Promise.all(calls)).flatMap(linesOf);
    expect(answers.filter((one) => one.recordId !== undefined)).toHaveLength(1);
    expect(answers.filter((one) => one.problem === 'record-exists')).toHaveLength(19);
  });
});
