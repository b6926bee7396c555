import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, expectForbidden } from '@mnv/testing';
import type { TestDatabase, TestDatabaseKind } from '@mnv/testing';

const KINDS: TestDatabaseKind[] = ['vault', 'access', 'disposal'];

describe.each(KINDS)('the service of the database %s', (kind) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase(kind);
  });
  afterAll(() => database.drop());

  it('cannot change the ledger of migrations', () =>
    expectForbidden(database.pool(`${kind}_service`), [
      'update schema_version set version = version',
      'delete from schema_version',
      'truncate schema_version',
      `insert into schema_version (version, name, sha256) values (9999, 'x', repeat('0', 64))`,
    ]));

  it('cannot make anything of its own', () =>
    expectForbidden(database.pool(`${kind}_service`), [
      'create table mine (id integer)',
      'create temporary table mine (id integer)',
      'create schema mine',
      `create function mine() returns integer language sql as 'select 1'`,
      'create role mine',
    ]));

  it('cannot become another role or read the files of the server', () =>
    expectForbidden(database.pool(`${kind}_service`), [
      `set role ${kind}_migrate`,
      `alter role ${kind}_service superuser`,
      `select pg_read_file('PG_VERSION')`,
      'select rolpassword from pg_authid',
      `copy (select 1) to program 'true'`,
    ]));

  it('owns nothing and holds no power over the cluster', async () => {
    const { rows } = await database.pool('postgres').query(
      `select rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication as powerful,
              (select count(*)::int from pg_shdepend where refobjid = r.oid and deptype = 'o') as owned
         from pg_roles r where rolname in ('${kind}_service')`,
    );

    expect(rows).toEqual([{ powerful: false, owned: 0 }]);
  });

  it('looks names up in one schema, and gives up on statements and locks in time', async () => {
    const { rows } = await database.pool(`${kind}_service`).query(
      `select name, setting from pg_settings where name in ('search_path', 'statement_timeout',
         'lock_timeout', 'idle_in_transaction_session_timeout') order by name`,
    );

    expect(rows.map(({ setting }) => setting)).toEqual([
      '10000',
      '2000',
      `${kind}, pg_temp`,
      '15000',
    ]);
  });

  it('is not let into the database of another service', async () => {
    const other = await createTestDatabase(kind === 'vault' ? 'access' : 'vault');
    try {
      const pool = other.pool(`${kind}_service`);
      await expect(pool.query('select 1')).rejects.toMatchObject({ code: '42501' });
    } finally {
      await other.drop();
    }
  });

  it('is not let in with a wrong password', async () => {
    const dsn = new URL(database.dsnOf(`${kind}_service`));
    dsn.password = 'wrong-password';
    const pool = database.pool(`${kind}_service`, { connectionString: dsn.href });

    await expect(pool.query('select 1')).rejects.toMatchObject({ code: '28P01' });
  });
});

describe('a list of statements said to be forbidden', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase('access');
  });
  afterAll(() => database.drop());

  it('fails when one of them is allowed, and undoes what it did', async () => {
    const pool = database.pool('access_migrate');

    const attempt = expectForbidden(pool, [
      'create role mine',
      'create table allowed (id integer)',
    ]);

    await expect(attempt).rejects.toThrow('create table allowed (id integer): allowed');
    const { rows } = await pool.query(`select to_regclass('allowed') as made`);
    expect(rows).toEqual([{ made: null }]);
  });

  it('fails when one of them names a table that is not there', async () => {
    const attempt = expectForbidden(database.pool('access_service'), ['delete from no_such_table']);

    await expect(attempt).rejects.toThrow('delete from no_such_table: 42P01');
  });

  it('fails when it is empty', async () => {
    await expect(expectForbidden(database.pool('access_service'), [])).rejects.toThrow(
      'no statement',
    );
  });
});
