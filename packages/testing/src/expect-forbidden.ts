import type pg from 'pg';

const INSUFFICIENT_PRIVILEGE = '42501';

/**
 * Passes when PostgreSQL refuses every statement for want of a right, grants and row security alike. Any
 * other outcome fails, a missing table too, so that a list of statements cannot rot into passing. Each runs
 * in a transaction that is undone; what refuses to run in one (CREATE DATABASE) cannot be tried here.
 */
export async function expectForbidden(pool: pg.Pool, statements: readonly string[]): Promise<void> {
  if (statements.length === 0) throw new Error('no statement was tried');
  const outcomes: string[] = [];
  for (const statement of statements) {
    const outcome = await outcomeOf(pool, statement);
    if (outcome !== INSUFFICIENT_PRIVILEGE) outcomes.push(`${statement}: ${outcome}`);
  }
  if (outcomes.length > 0) {
    throw new Error(`not forbidden:\n${outcomes.join('\n')}`);
  }
}

/** The SQLSTATE of the refusal, or 'allowed'. */
async function outcomeOf(pool: pg.Pool, statement: string): Promise<string> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(statement);
    return 'allowed';
  } catch (error) {
    return (error as pg.DatabaseError).code ?? String(error);
  } finally {
    await client.query('rollback');
    client.release();
  }
}
