import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, startFaultyProxy } from '@mnv/testing';
import type { FaultyProxy, TestDatabase } from '@mnv/testing';
import type pg from 'pg';
import { IndeterminateError, databaseRefusal, durably } from '../src/index.ts';
import { poolTo, prepare } from './database-parties.ts';

const PATIENT_MS = 5_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase('vault');
  await prepare(database);
});
afterAll(() => database.drop());

let proxy: FaultyProxy;
let pool: pg.Pool;
beforeEach(async () => {
  const { hostname, port } = new URL(database.dsnOf('vault_service'));
  proxy = await startFaultyProxy({ host: hostname, port: Number(port) });
  pool = poolTo(proxy.through(database.dsnOf('vault_service')), 1);
});
afterEach(async () => {
  await pool.end();
  await proxy.close();
});

let lastId = 0;
const insert = (table: string, id = (lastId += 1)) => ({
  name: `insert-${table}`,
  text: `insert into ${table} (id) values ($1) returning id`,
  values: [id],
});
const isKept = async (table: string, id = lastId) =>
  (await database.pool('postgres').query(`select 1 from vault.${table} where id = $1`, [id]))
    .rowCount === 1;
const session = async () =>
  (await pool.query('select pg_backend_pid() as pid')).rows[0].pid as number;

async function expectDoubt(work: Promise<unknown>, code?: string): Promise<void> {
  const error = await work.catch((fault: unknown) => fault);
  expect(error).toBeInstanceOf(IndeterminateError);
  if (code !== undefined) expect(error).toMatchObject({ code });
  expect(databaseRefusal(error)?.code).toBe('database-unavailable');
}

describe('a durable statement', () => {
  it('answers its rows when they are kept, and its session goes on', async () => {
    const before = await session();

    const { rows } = await durably(pool, insert('kept'), PATIENT_MS);

    expect(rows).toEqual([{ id: lastId }]);
    expect(await isKept('kept')).toBe(true);
    expect(await session()).toBe(before);
  });

  it('does not mind a notice', async () => {
    await durably(pool, insert('hinted'), PATIENT_MS);

    expect(await isKept('hinted')).toBe(true);
  });

  it('is in doubt after a warning, and its session ends', async () => {
    const before = await session();

    await expectDoubt(durably(pool, insert('warned'), PATIENT_MS), '01000');

    expect(await session()).not.toBe(before);
  });

  it('is in doubt when its transaction is left open, and nothing of it stays', async () => {
    const begin = { name: '', text: 'begin', values: [] };

    await expectDoubt(durably(pool, begin, PATIENT_MS), 'transaction open');

    const { rows } = await pool.query('select now() = statement_timestamp() as alone');
    expect(rows).toEqual([{ alone: true }]);
  });

  it('is in doubt when the server did something else than was asked', async () => {
    const explained = { name: '', text: 'insert into kept values (-1)', values: [] };
    const lying = answering(pool, { command: 'ROLLBACK' });

    await expectDoubt(durably(lying, explained, PATIENT_MS), 'command tag');
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['a constraint', () => durably(pool, insert('kept', lastId), PATIENT_MS), '23505'],
    ['a missing right', () => durably(pool, insert('tree'), PATIENT_MS), '42703'],
    [
      'what it says',
      () => durably(pool, { name: '', text: 'insert nonsense', values: [] }, PATIENT_MS),
      '42601',
    ],
  ])('is surely undone by %s, and its session goes on', async (_what, work, code) => {
    await durably(pool, insert('kept'), PATIENT_MS);
    const before = await session();

    await expect(work()).rejects.toMatchObject({ code });

    expect(await session()).toBe(before);
  });

  it('is in doubt when the connection ends before the statement arrives', async () => {
    await session();
    proxy.dropAfter('to-server', 5);

    await expectDoubt(durably(pool, insert('kept'), PATIENT_MS));

    expect(await isKept('kept')).toBe(false);
  });

  it('is in doubt when the answer is lost, although the row is there', async () => {
    await session();
    proxy.cut('to-client');

    await expectDoubt(durably(pool, insert('kept'), 300), 'deadline');

    expect(await isKept('kept')).toBe(true);
  });

  it('goes on with another session when the way is free again', async () => {
    await session();
    proxy.cut('to-client');
    await expectDoubt(durably(pool, insert('kept'), 300));

    proxy.reset();
    proxy.heal();
    await durably(pool, insert('kept'), PATIENT_MS);

    expect(await isKept('kept')).toBe(true);
  });

  it('is in doubt when somebody ends its session', async () => {
    const sleep = { name: '', text: 'select pg_sleep(60)', values: [] };
    const pid = await session();
    const doubted = expectDoubt(durably(pool, sleep, PATIENT_MS));
    await database.pool('postgres').query('select pg_terminate_backend($1)', [pid]);

    await doubted;
  });

  it('was never sent when no connection could be had, and says that the database is away', async () => {
    await proxy.close();

    const error = await durably(pool, insert('kept'), PATIENT_MS).catch((fault: unknown) => fault);

    expect(error).not.toBeInstanceOf(IndeterminateError);
    expect(databaseRefusal(error)?.code).toBe('database-unavailable');
    expect(await isKept('kept')).toBe(false);
  });

  it('does not wait for a connection longer than its deadline, and gives back one that came late', async () => {
    const busy = await pool.connect();

    await expectDoubt(durably(pool, insert('kept'), 50), 'deadline');
    busy.release();

    expect(await isKept('kept')).toBe(false);
    expect(await session()).toEqual(expect.any(Number));
  });
});

/** The pool with another answer from the server: no real one gives a wrong tag on demand. */
function answering(real: pg.Pool, answer: object) {
  return {
    connect: async () => {
      const client = await real.connect();
      const query = async () => ({ rows: [], ...answer });
      return Object.assign(Object.create(client) as typeof client, { query });
    },
  } as unknown as pg.Pool;
}
