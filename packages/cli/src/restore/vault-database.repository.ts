import pg from 'pg';

/** The lock the vault takes before it changes the tree's head: no epoch and no start runs beside a restore. */
const HEAD_LOCK = 7_401_001;

/**
 * Works in one transaction as the owner of the vault's database: all of it holds, or nothing was done. Whatever
 * is put there by hand has to be reconciled by people before the vault serves again, and that is part of it.
 */
export async function restoringVault<T>(
  { dsn, reason }: { dsn: string; reason: string },
  work: (client: pg.ClientBase) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: dsn, application_name: 'restore' });
  await client.connect();
  try {
    await client.query('begin');
    await client.query('set local search_path = vault');
    await client.query('set local statement_timeout = 0');
    await client.query('select pg_advisory_xact_lock($1)', [HEAD_LOCK]);
    const result = await work(client);
    await client.query('insert into reconciliation (reason) values ($1) on conflict do nothing', [
      reason,
    ]);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    await client.end();
  }
}
