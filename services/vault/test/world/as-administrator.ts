import type { TestDatabase } from '@mnv/testing';
import type pg from 'pg';

const pools = new WeakMap<TestDatabase, pg.Pool>();

/** The rows of a statement run as the database's superuser, who sees what an auditor or a thief could. */
export async function asAdministrator<Row extends pg.QueryResultRow>(
  database: TestDatabase,
  statement: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const pool = pools.get(database) ?? database.pool('postgres', { max: 2 });
  pools.set(database, pool);
  return (await pool.query<Row>(statement, values)).rows;
}
