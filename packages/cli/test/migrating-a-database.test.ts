import { mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { migrate } from '@mnv/cli';
import { createEmptyDatabase } from '@mnv/testing';
import type { TestDatabase } from '@mnv/testing';

const LEDGER = `create schema access;
create table schema_version (version integer primary key, name text not null, sha256 text not null,
  applied_at timestamptz not null default now());`;

let database: TestDatabase;
let directory: string;

beforeEach(async () => {
  database = await createEmptyDatabase('access');
  directory = await mkdtemp(join(await realpath(tmpdir()), 'migrations-'));
  await writeFile(join(directory, '0001-base.sql'), LEDGER);
  await writeFile(join(directory, '0002-shelf.sql'), 'create table shelf (id integer);');
});
afterEach(async () => {
  await database.drop();
  await rm(directory, { recursive: true });
});

const run = () => migrate({ dsn: database.dsnOf('access_migrate'), directory });
const write = (name: string, sql: string) => writeFile(join(directory, name), sql);
const ask = async (sql: string) => (await database.pool('access_migrate').query(sql)).rows;
const ledger = () => ask('select version, name from schema_version order by version');

describe('migrating a database', () => {
  it('applies every step in order and writes each into the ledger with its digest', async () => {
    const applied = await run();

    expect(applied.map(({ version, name }) => `${version} ${name}`)).toEqual(['1 base', '2 shelf']);
    expect(await ask('select version, name, sha256 from schema_version order by version')).toEqual(
      applied,
    );
  });

  it('applies only what is new the next time', async () => {
    await run();
    await write('0003-book.sql', 'create table book (id integer);');

    expect((await run()).map(({ name }) => name)).toEqual(['book']);
    expect(await run()).toEqual([]);
  });

  it('undoes a failing step whole, keeps the steps before it, and can be run again', async () => {
    await write('0003-book.sql', 'create table book (id integer); select 1 / 0;');

    await expect(run()).rejects.toThrow('migration 0003-book failed and was undone');

    expect(await ask(`select to_regclass('book') as book`)).toEqual([{ book: null }]);
    expect(await ledger()).toHaveLength(2);
    await write('0003-book.sql', 'create table book (id integer);');
    expect((await run()).map(({ name }) => name)).toEqual(['book']);
  });

  it('refuses a step that ends the transaction it runs in', async () => {
    await write('0003-book.sql', 'create table book (id integer); commit; begin;');

    await expect(run()).rejects.toMatchObject({
      cause: expect.objectContaining({ message: 'it ends the transaction' }),
    });

    expect(await ledger()).toHaveLength(2);
  });

  it('lets two runners at once apply each step once', async () => {
    await write('0003-slow.sql', 'create table slow (id integer); select pg_sleep(0.2);');

    const [first, second] = await Promise.all([run(), run()]);

    expect(Math.min(first.length, second.length)).toBe(0);
    expect(first.length + second.length).toBe(3);
    expect(await ledger()).toHaveLength(3);
  });
});

describe('migrating a database whose past is not that of the files', () => {
  beforeEach(run);

  it('refuses a past step that was changed, even by one space', async () => {
    await write('0002-shelf.sql', 'create table shelf (id integer); ');
    await write('0003-book.sql', 'create table book (id integer);');

    await expect(run()).rejects.toThrow('0002-shelf was changed after it was applied');

    expect(await ledger()).toHaveLength(2);
  });

  it('refuses a past step whose file is gone', async () => {
    await rm(join(directory, '0002-shelf.sql'));

    await expect(run()).rejects.toThrow('0002-shelf was applied, but its file is missing');
  });

  it('refuses a past step that was renamed', async () => {
    await rename(join(directory, '0002-shelf.sql'), join(directory, '0002-rack.sql'));

    await expect(run()).rejects.toThrow('0002-shelf was applied, but its file is missing');
  });

  it('refuses a ledger from which a version was taken out', async () => {
    await ask('delete from schema_version where version = 1');

    await expect(run()).rejects.toThrow('the ledger skips a version before 0002-shelf');
  });
});

describe('a directory of migrations', () => {
  it.each([
    ['a gap', '0004-book.sql', 'migration 0003 is missing or doubled'],
    ['a number taken twice', '0002-twin.sql', 'migration 0003 is missing or doubled'],
    ['a name of another form', '3-Book.sql', '3-Book.sql is not named NNNN-name.sql'],
  ])('is refused for %s before anything runs', async (_, name, message) => {
    await write(name, 'create table book (id integer);');

    await expect(run()).rejects.toThrow(message);

    expect(await ask(`select to_regclass('schema_version') as ledger`)).toEqual([{ ledger: null }]);
  });
});
