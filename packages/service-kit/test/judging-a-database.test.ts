import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { startTestServer } from '@mnv/testing';
import type { TestServer } from '@mnv/testing';
import pg from 'pg';
import {
  StartupError,
  assertDatabaseRole,
  createPool,
  databaseRefusal,
  watchDatabaseRole,
} from '../src/index.ts';
import type { ExpectedDatabase } from '../src/index.ts';
import { poolTo } from './database-parties.ts';

const EXPECTED: ExpectedDatabase = {
  setting: 'DATABASE_URL',
  role: 'kit_service',
  schemaVersion: 3,
  tenantTables: ['owned'],
  profile: 'production',
};
const SETUP = `
  create role kit_owner;
  create role kit_powerful bypassrls;
  create role kit_service login password 'kit';
  create table schema_version (version integer);
  insert into schema_version values (2), (3);
  create table owned (tenant_id text);
  create table open (tenant_id text);
  alter table owned enable row level security;
  alter table owned force row level security;
  create table kept (id integer primary key);
  grant select, insert on all tables in schema public to kit_service;
`;

let server: TestServer;
let admin: pg.Pool;
let dsn: string;
beforeAll(async () => {
  server = await startTestServer({ durability: 'durable' });
  admin = new pg.Pool({ connectionString: server.adminDsn, max: 2 });
  admin.on('error', () => undefined);
  await admin.query(SETUP);
  dsn = Object.assign(new URL(server.adminDsn), { username: 'kit_service', password: 'kit' }).href;
});
afterAll(async () => {
  await admin.end();
  await server.remove();
});

let pool: pg.Pool;
beforeEach(() => {
  pool = poolTo(dsn);
});
afterEach(() => pool.end());

async function refusalFor(change: Partial<ExpectedDatabase> = {}, of = pool): Promise<string> {
  const error: unknown = await assertDatabaseRole(of, { ...EXPECTED, ...change }).then(
    () => undefined,
    (fault: unknown) => fault,
  );
  if (!(error instanceof StartupError)) return String(error);
  expect(error.settings).toEqual(['DATABASE_URL']);
  expect(error.message).not.toContain('kit');
  return error.reason;
}

describe('a database that a service starts on', () => {
  it('is one that keeps what it confirms, with a role that can do no more than its work', async () => {
    await expect(assertDatabaseRole(pool, EXPECTED)).resolves.toBeUndefined();
  });

  it.each([
    ['superuser', 'nosuperuser', 'the role is a superuser'],
    ['bypassrls', 'nobypassrls', 'the role bypasses row security'],
    ['createrole', 'nocreaterole', 'the role may create roles'],
    ['createdb', 'nocreatedb', 'the role may create databases'],
    ['replication', 'noreplication', 'the role may replicate'],
  ])('is refused when its role is %s', async (power, without, reason) => {
    await admin.query(`alter role kit_service ${power}`);
    try {
      expect(await refusalFor()).toContain(reason);
    } finally {
      await admin.query(`alter role kit_service ${without}`);
    }
  });

  it.each([
    ['another role', { role: 'other' }, 'the role is not the one of this service'],
    ['an older schema', { schemaVersion: 4 }, 'the schema is older than version 4'],
    ['an open table of tenants', { tenantTables: ['open'] }, 'a table of tenants lacks forced'],
    ['a missing table of tenants', { tenantTables: ['absent'] }, 'a table of tenants lacks forced'],
  ])('is refused with %s', async (_what, change, reason) => {
    expect(await refusalFor(change)).toContain(reason);
  });

  it('is refused when its role could become another that may more, or owns tables', async () => {
    await admin.query('grant kit_powerful, kit_owner to kit_service with inherit false');
    await admin.query('alter table open owner to kit_owner');
    try {
      const reason = await refusalFor();

      expect(reason).toContain('the role bypasses row security');
      expect(reason).toContain('the role owns tables');
    } finally {
      await admin.query('revoke kit_powerful, kit_owner from kit_service');
      await admin.query('alter table open owner to postgres');
    }
  });

  it('is refused when a powerful login only pretends to be the role', async () => {
    const disguised = new URL(server.adminDsn);
    disguised.searchParams.set('options', '-c role=kit_service');
    const other = poolTo(disguised.href);

    const reason = await refusalFor({}, other);
    await other.end();

    expect(reason).toContain('the role is not the one of this service');
    expect(reason).toContain('the role is a superuser');
  });

  it.each(['off', 'local', 'remote_write'])(
    'is refused in production when its sessions commit with synchronous_commit %s',
    async (value) => {
      const careless = new URL(dsn);
      careless.searchParams.set('options', `-c synchronous_commit=${value}`);
      const other = poolTo(careless.href);

      const [production, development] = [
        await refusalFor({}, other),
        await refusalFor({ profile: 'development' }, other),
      ];
      await other.end();

      expect(production).toBe('synchronous_commit is neither on nor remote_apply');
      expect(development).toBe('undefined');
    },
  );
});

describe('a database that is changed under a running service', () => {
  it('stops the service within a look, once', async () => {
    const faults: string[] = [];
    const stop = (fault: StartupError) => void faults.push(fault.reason);
    const end = watchDatabaseRole(pool, EXPECTED, { stop, everyMs: 20 });
    await pause(100);
    expect(faults).toEqual([]);
    await admin.query('alter table owned no force row level security');
    try {
      while (faults.length === 0) await pause(10);
      await pause(100);
    } finally {
      await admin.query('alter table owned force row level security');
      end();
    }
    expect(faults).toEqual(['a table of tenants lacks forced row security']);
  });
});

describe('a server that may lose what it confirmed', () => {
  it('is refused in production alone', async () => {
    const careless = await startTestServer({ durability: 'fast' });
    const setup = new pg.Pool({ connectionString: careless.adminDsn, max: 1 });
    await setup.query(SETUP);
    const { port } = careless;
    const other = poolTo(Object.assign(new URL(dsn), { port: String(port) }).href);
    try {
      const reason = await refusalFor({}, other);

      expect(reason).toContain('fsync is off');
      expect(reason).toContain('full_page_writes is off');
      expect(await refusalFor({ profile: 'development' }, other)).toBe('undefined');
    } finally {
      await Promise.all([setup.end(), other.end()]);
      await careless.remove();
    }
  });
});

describe('a database that is away', () => {
  it('is refused as unavailable, and used again by itself when it is back', async () => {
    await pool.query('select 1');
    await server.stop('immediate');
    const away = await pool.query('select 1').catch((error: unknown) => error);
    const still = await pool.query('select 1').catch((error: unknown) => error);
    await server.start();

    expect([away, still].map((error) => databaseRefusal(error)?.code)).toEqual([
      'database-unavailable',
      'database-unavailable',
    ]);
    expect((await pool.query('select 1 as back')).rows).toEqual([{ back: 1 }]);
  });

  it('says so soon when all connections are taken, and goes on when one is free', async () => {
    const taken = [await pool.connect(), await pool.connect()];

    const error = await pool.query('select 1').catch((fault: unknown) => fault);
    for (const client of taken) client.release();

    expect(databaseRefusal(error)?.code).toBe('database-unavailable');
    expect((await pool.query('select 1 as free')).rows).toEqual([{ free: 1 }]);
  });
});

describe('the address of a database', () => {
  const open = (connectionString: string, caFile?: string) =>
    createPool({ setting: 'DATABASE_URL', connectionString, max: 1, applicationName: 't', caFile });

  it.each([
    ['postgresql://vault@db.example.com/vault', 'TLS is not optional'],
    ['postgresql://vault@db.example.com/vault?sslmode=no-verify', 'TLS is not optional'],
    ['host=db.example.com', 'is not a postgresql:// address'],
  ])('is refused when it is remote and has no authority, or cannot be read: %s', (address, why) => {
    expect(() => open(address)).toThrow(StartupError);
    expect(() => open(address)).toThrow(why);
  });

  it('is refused when the file of the authority is not there', () => {
    expect(() => open('postgresql://v@db.example.com/v', '/nowhere/ca.pem')).toThrow(
      'DATABASE_URL: the file of its authority cannot be read',
    );
  });

  it('cannot turn off TLS once there is an authority', async () => {
    const remote = new URL(dsn);
    remote.searchParams.set('sslmode', 'disable');
    const other = open(remote.href, import.meta.filename);

    await expect(other.query('select 1')).rejects.toThrow('does not support SSL');
    await other.end();
  });
});
