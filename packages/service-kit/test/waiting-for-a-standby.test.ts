import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestServer } from '@mnv/testing';
import type { TestServer } from '@mnv/testing';
import { sql } from 'kysely';
import pg from 'pg';
import { IndeterminateError, createKysely, durably, withTenant } from '../src/index.ts';
import { poolTo } from './database-parties.ts';

const SETUP = `
  create role kit_service login password 'kit';
  create table kept (id integer primary key);
  grant insert on kept to kit_service;
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

describe('a commit that its standby has not confirmed', () => {
  const insert = (id: number) => ({
    name: 'insert-kept',
    text: 'insert into kept values ($1)',
    values: [id],
  });
  const waiting = `select pid from pg_stat_activity where wait_event = 'SyncRep'`;
  beforeAll(async () => {
    await setStandby('ghost');
    await untilCommitsWait();
  });
  afterEach(untilNobodyWaits);
  afterAll(() => setStandby(''));

  async function setStandby(name: string): Promise<void> {
    await admin.query(`alter system set synchronous_standby_names = '${name}'`);
    await admin.query('select pg_reload_conf()');
  }
  /** The server takes a setting up when it gets to it, not when it is told. */
  async function untilCommitsWait(): Promise<void> {
    const probing = poolTo(dsn);
    for (let id = -1, doubted = false; !doubted; id -= 1) {
      doubted = await durably(probing, insert(id), 300).then(
        () => false,
        () => true,
      );
      await untilNobodyWaits();
    }
    await probing.end();
  }
  async function cancelTheWait(): Promise<void> {
    const { rowCount } = await admin.query(
      `select pg_cancel_backend(pid) from (${waiting}) as one`,
    );
    if (rowCount === 0) await cancelTheWait();
  }

  async function untilNobodyWaits(): Promise<void> {
    const { rowCount } = await admin.query(
      `select pg_terminate_backend(pid) from (${waiting}) as one`,
    );
    if (rowCount !== 0) await untilNobodyWaits();
  }

  it('is in doubt at the deadline', async () => {
    await expect(durably(pool, insert(1), 300)).rejects.toMatchObject({ code: 'deadline' });
  });

  it('is in doubt when the wait was cancelled, which PostgreSQL calls a success', async () => {
    const work = durably(pool, insert(2), 20_000).catch((error: unknown) => error);
    await cancelTheWait();

    expect(await work).toMatchObject({ name: 'IndeterminateError', code: '01000' });
  });

  it('is in doubt in a transaction as well', async () => {
    const db = createKysely<{ kept: { id: number } }>(pool);
    const work = withTenant(db, 't-001', (trx) =>
      sql`insert into kept values (3)`.execute(trx),
    ).catch((error: unknown) => error);
    await cancelTheWait();

    expect(await work).toBeInstanceOf(IndeterminateError);
  });
});
