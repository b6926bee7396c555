import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { closeDatabase } from '@mnv/cli';
import { migratedTemplate } from './migrated-template.ts';
import { dsnFor, testCluster } from './test-cluster.ts';
import type { TestDatabaseKind } from './test-cluster.ts';

const OBJECT_IN_USE = '55006';
const DROP_DEADLINE_MS = 5_000;

/** A fresh migrated database of one test file. Roles: those of its kind, and `postgres`. */
export interface TestDatabase {
  readonly name: string;
  dsnOf(role: string): string;
  /** A pool as that role. The database ends it; a test may end it earlier. */
  pool(role: string, options?: pg.PoolConfig): pg.Pool;
  /** A copy as it is now, as a backup would be. Ends the pools; nobody else may be connected. */
  copy(): Promise<TestDatabase>;
  /** Moves its files to an empty directory of the server's user. Ends the pools; nobody else may be connected. */
  moveTo(directory: string): Promise<void>;
  /** Ends the pools, then drops the database, without force: force makes closing sessions fail at random. */
  drop(): Promise<void>;
}

/** Clones the migrated template (about 40 ms). Call in `beforeAll`, and `drop` in `afterAll`. */
export async function createTestDatabase(kind: TestDatabaseKind): Promise<TestDatabase> {
  return cloneOf(await migratedTemplate(testCluster(), kind), kind);
}

/** The same before its first migration, for tests of migrating. */
export function createEmptyDatabase(kind: TestDatabaseKind): Promise<TestDatabase> {
  return cloneOf('template0', kind);
}

async function cloneOf(template: string, kind: TestDatabaseKind): Promise<TestDatabase> {
  const cluster = testCluster();
  const name = `test_${kind}_${randomUUID().replaceAll('-', '')}`;
  const adminDsn = dsnFor(cluster, 'postgres', 'postgres');
  await asAdmin(adminDsn, async (admin) => {
    await admin.query(
      `create database ${name} template ${template} owner ${kind}_migrate strategy file_copy`,
    );
    await closeDatabase(admin, { name, kind });
  });
  const pools = new Set<pg.Pool>();
  const dsnOf = (role: string) => dsnFor(cluster, role, name);
  const endAll = async () => {
    await Promise.all([...pools].filter((pool) => !pool.ending).map((pool) => pool.end()));
  };
  return {
    name,
    dsnOf,
    pool: (role, options = {}) => {
      const pool = new pg.Pool({ connectionString: dsnOf(role), max: 4, ...options });
      pool.on('error', () => undefined); // an idle client of a dropped database may still hear of its end
      pools.add(pool);
      return pool;
    },
    copy: async () => {
      await endAll();
      return cloneOf(name, kind);
    },
    moveTo: async (directory) => {
      await endAll();
      await asAdmin(adminDsn, async (admin) => {
        await admin.query(`create tablespace ${name} location '${directory}'`);
        await admin.query(`alter database ${name} set tablespace ${name}`);
      });
    },
    drop: async () => {
      await endAll();
      await asAdmin(adminDsn, async (admin) => {
        await dropDatabase(admin, name);
        await admin.query(`drop tablespace if exists ${name}`);
      });
    },
  };
}

async function asAdmin(dsn: string, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client({ connectionString: dsn });
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

/** A session ends a moment after its socket, so "in use" is asked again for a while. */
async function dropDatabase(admin: pg.Client, name: string): Promise<void> {
  const deadline = Date.now() + DROP_DEADLINE_MS;
  for (;;) {
    try {
      await admin.query(`drop database ${name}`);
      return;
    } catch (error) {
      if ((error as pg.DatabaseError).code !== OBJECT_IN_USE || Date.now() > deadline) throw error;
      await pause(20);
    }
  }
}
