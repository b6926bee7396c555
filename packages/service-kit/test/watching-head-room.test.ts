import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, createTestDatabase, fixedClock } from '@mnv/testing';
import type { Pool } from 'pg';
import { watchHeadRoom } from '../src/process/head-room.ts';

const MIB = 2 ** 20;
const DAY_MS = 24 * 60 * 60 * 1000;

let database: TestDatabase;
let pool: Pool;
let admin: Pool;
let size = 0;

beforeAll(async () => {
  database = await createTestDatabase('access');
  pool = database.pool('access_service');
  admin = database.pool('access_migrate');
  await admin.query('create table access.ballast (bytes bytea)');
  await admin.query('alter table access.ballast alter column bytes set storage external');
  size = await bytesNow();
});
afterAll(() => database.drop());

async function bytesNow(): Promise<number> {
  const { rows } = await pool.query('select pg_database_size(current_database())::float8 as bytes');
  return rows[0].bytes;
}

async function grow(megabytes: number): Promise<void> {
  const rows = 'select convert_to(repeat(md5(n::text), 32768), $1) from generate_series(1, $2) n';
  await admin.query(`insert into access.ballast ${rows}`, ['UTF8', megabytes]);
}

function watch(budgetBytes: number, of: Pool = pool) {
  const said: string[] = [];
  const hear = (event: string) => void said.push(event);
  const time = fixedClock(Date.parse('2026-12-01T00:00:00Z'));
  const log = { info: hear, warn: hear, error: hear };
  return { said, time, room: watchHeadRoom({ pool: of, budgetBytes, log, clock: time.now }) };
}

describe('a database within its budget', () => {
  it('has room and says nothing, however old the service is', async () => {
    const { room, said, time } = watch(100 * size);
    for (let day = 0; day < 10; day += 1) {
      await room.look();
      time.advance(DAY_MS);
    }
    expect(() => room.requireRoom()).not.toThrow();
    expect(said).toEqual([]);
  });

  it('is known days before its budget is used up, at the pace it grew', async () => {
    const { room, said, time } = watch(size + 60 * MIB);
    await room.look();
    time.advance(DAY_MS);
    await grow(4);
    await room.look();
    expect(said).toContain('database budget used up within two weeks');
    expect(() => room.requireRoom()).not.toThrow();
  });
});

describe('a database near the end of its budget', () => {
  it('alarms at four fifths and refuses new work at 95 %', async () => {
    const now = await bytesNow();
    const warned = watch(now / 0.85);
    await warned.room.look();
    expect(warned.said).toEqual(['database budget nearly used up']);
    expect(() => warned.room.requireRoom()).not.toThrow();

    const full = watch(now / 0.96);
    await full.room.look();
    expect(full.said).toEqual(['database budget used up: new work is refused']);
    expect(() => full.room.requireRoom()).toThrow('database-unavailable');
  });

  it('has room again after the budget was raised or space was freed', async () => {
    const { room } = watch((await bytesNow()) / 0.96);
    await room.look();
    await admin.query('truncate access.ballast');
    await room.look();
    expect(() => room.requireRoom()).not.toThrow();
  });
});

describe('a database whose size cannot be read', () => {
  it('keeps its last known room, and says so', async () => {
    const gone = database.pool('access_service');
    const { room, said } = watch(100 * size, gone);
    await room.look();
    await gone.end();
    await room.look();
    expect(said).toEqual(['database size unknown']);
    expect(() => room.requireRoom()).not.toThrow();
  });
});
