import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, startFaultyProxy } from '@mnv/testing';
import type { FaultyProxy, TestDatabase } from '@mnv/testing';
import { type Kysely, type Transaction, sql } from 'kysely';
import type pg from 'pg';
import { IndeterminateError, createKysely, databaseRefusal, withTenant } from '../src/index.ts';
import { poolTo, prepare } from './database-parties.ts';

type Tables = {
  kept: { id: number; note?: string };
  warned_late: { id: number };
  owned: { tenant_id: string; id: number };
};

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase('vault');
  await prepare(database);
});
afterAll(() => database.drop());

let proxy: FaultyProxy;
let pool: pg.Pool;
let db: Kysely<Tables>;
beforeEach(async () => {
  const { hostname, port } = new URL(database.dsnOf('vault_service'));
  proxy = await startFaultyProxy({ host: hostname, port: Number(port) });
  pool = poolTo(proxy.through(database.dsnOf('vault_service')), 1);
  db = createKysely<Tables>(pool);
});
afterEach(async () => {
  await db.destroy();
  await proxy.close();
});

let lastId = 1_000;
const newId = () => (lastId += 1);
const isKept = async (id: number) =>
  (await database.pool('postgres').query('select 1 from vault.kept where id = $1', [id]))
    .rowCount === 1;
const session = async () =>
  (await pool.query('select pg_backend_pid() as pid')).rows[0].pid as number;
const doubtIn = (work: Promise<unknown>) => work.catch((fault: unknown) => fault);

describe('a transaction', () => {
  it('is kept when its COMMIT was one, and its session goes on', async () => {
    const [id, before] = [newId(), await session()];

    await withTenant(db, 't-001', (trx) => trx.insertInto('kept').values({ id }).execute());

    expect(await isKept(id)).toBe(true);
    expect(await session()).toBe(before);
  });

  it('fails when its COMMIT was a rollback, because an error in it was swallowed', async () => {
    const id = newId();

    const error = await doubtIn(
      withTenant(db, 't-001', async (trx) => {
        await trx.insertInto('kept').values({ id }).execute();
        await sql`select 1 / 0`.execute(trx).catch(() => undefined);
      }),
    );

    expect(error).toBeInstanceOf(IndeterminateError);
    expect(await isKept(id)).toBe(false);
  });

  it('is in doubt when its COMMIT came with a warning, and its session ends', async () => {
    const before = await session();

    const error = await doubtIn(
      withTenant(db, 't-001', (trx) =>
        trx.insertInto('warned_late').values({ id: newId() }).execute(),
      ),
    );

    expect(error).toMatchObject({ name: 'IndeterminateError', code: '01000' });
    expect(await session()).not.toBe(before);
  });

  it('is in doubt when the answer to its COMMIT is lost, although it is kept', async () => {
    const id = newId();

    const error = await doubtIn(
      withTenant(db, 't-001', async (trx) => {
        await trx.insertInto('kept').values({ id }).execute();
        proxy.dropAfter('to-client', 1);
      }),
    );

    expect(error).toBeInstanceOf(IndeterminateError);
    expect(databaseRefusal(error)?.code).toBe('database-unavailable');
    expect(await isKept(id)).toBe(true);
  });

  it('is not kept when its COMMIT never arrives, and is in doubt all the same', async () => {
    const id = newId();

    const error = await doubtIn(
      withTenant(db, 't-001', async (trx) => {
        await trx.insertInto('kept').values({ id }).execute();
        proxy.reset();
      }),
    );

    expect(error).toBeInstanceOf(IndeterminateError);
    expect(await isKept(id)).toBe(false);
  });

  it('is surely undone by a constraint that is judged at its COMMIT', async () => {
    const twice = (trx: Transaction<Tables>) =>
      trx
        .insertInto('kept')
        .values([
          { id: newId(), note: 'same' },
          { id: newId(), note: 'same' },
        ])
        .execute();

    await expect(withTenant(db, 't-001', twice)).rejects.toMatchObject({ code: '23505' });
  });

  it('is undone by an error of its work, which comes through, and its session goes on', async () => {
    const [id, before] = [newId(), await session()];

    const work = withTenant(db, 't-001', async (trx) => {
      await trx.insertInto('kept').values({ id }).execute();
      throw new Error('changed my mind');
    });

    await expect(work).rejects.toThrow('changed my mind');
    expect(await isKept(id)).toBe(false);
    expect(await session()).toBe(before);
  });

  it('ends with its session, and the next one gets another', async () => {
    const pid = await session();

    const error = await doubtIn(
      withTenant(db, 't-001', async (trx) => {
        await database.pool('postgres').query('select pg_terminate_backend($1)', [pid]);
        await sql`select 1`.execute(trx);
      }),
    );

    expect(databaseRefusal(error)?.code).toBe('database-unavailable');
    expect(await session()).not.toBe(pid);
  });
});

describe('the rows of a tenant', () => {
  beforeAll(() =>
    database
      .pool('postgres')
      .query(`insert into vault.owned values ('t-001', 1), ('t-002', 2), ('', 3)`),
  );
  const idsOf = (db_: Kysely<Tables>) => db_.selectFrom('owned').select('id').execute();

  it.each([
    ['t-001', [{ id: 1 }]],
    ['t-002', [{ id: 2 }]],
    [`x' or true --`, []],
  ])('are all that a transaction for it sees: %s', async (tenantId, rows) => {
    expect(await withTenant(db, tenantId, idsOf)).toEqual(rows);
  });

  it('cannot be written for another tenant', async () => {
    const write = (trx: Transaction<Tables>) =>
      trx.insertInto('owned').values({ tenant_id: 't-002', id: 9 }).execute();

    await expect(withTenant(db, 't-001', write)).rejects.toMatchObject({ code: '42501' });
  });

  it('leave no tenant behind in the session, after a commit or a rollback', async () => {
    const before = await session();
    await withTenant(db, 't-001', idsOf);
    await doubtIn(withTenant(db, 't-001', () => Promise.reject(new Error('no'))));

    const { rows } = await pool.query(
      `select coalesce(current_setting('app.tenant', true), '') as t`,
    );

    expect(rows).toEqual([{ t: '' }]);
    expect((await idsOf(db)).filter(({ id }) => id !== 3)).toEqual([]);
    expect(await session()).toBe(before);
  });
});
