import pg from 'pg';
import { migrationFiles, numbered } from './migration-files.ts';
import type { Migration } from './migration-files.ts';

/** Any constant will do, as long as every runner takes the same one. It is per database, so they never wait on another's. */
const RUNNER_LOCK = 7_031_985_201;

export interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly sha256: string;
}

/**
 * Brings a database to the newest version and returns what this call applied. Forward only. Each file and its
 * ledger row commit together, so a crash leaves whole versions. Refused before anything runs: a past file that
 * was changed or is missing, and a database newer than the files. Two runners at once: the second one waits.
 */
export async function migrate(order: {
  readonly dsn: string;
  readonly directory: string;
}): Promise<readonly AppliedMigration[]> {
  const files = await migrationFiles(order.directory);
  const client = new pg.Client({ connectionString: order.dsn, application_name: 'migrate' });
  await client.connect();
  try {
    await waitForTurn(client);
    const past = await ledgerOf(client);
    requireSamePast(files, past);
    const pending = files.slice(past.length);
    for (const migration of pending) await apply(client, migration);
    return pending.map(({ version, name, sha256 }) => ({ version, name, sha256 }));
  } finally {
    await client.end();
  }
}

/** A migration may run longer than the role's lock_timeout, and the waiting runner should see its end. */
async function waitForTurn(client: pg.ClientBase): Promise<void> {
  await client.query('set lock_timeout to 0');
  await client.query('select pg_advisory_lock($1)', [RUNNER_LOCK]);
  await client.query('reset lock_timeout');
}

/** The first migration makes the ledger, so a database without one is at version 0. */
async function ledgerOf(client: pg.ClientBase): Promise<readonly AppliedMigration[]> {
  const found = await client.query(`select to_regclass('schema_version') as ledger`);
  if (found.rows[0]?.ledger === null) return [];
  const { rows } = await client.query<AppliedMigration>(
    'select version, name, sha256 from schema_version order by version',
  );
  return rows;
}

function requireSamePast(files: readonly Migration[], past: readonly AppliedMigration[]): void {
  past.forEach((applied, at) => {
    const file = files[at];
    const label = `${numbered(applied.version)}-${applied.name}`;
    if (applied.version !== at + 1) throw new Error(`the ledger skips a version before ${label}`);
    if (file?.name !== applied.name)
      throw new Error(`${label} was applied, but its file is missing`);
    if (file.sha256 !== applied.sha256)
      throw new Error(`${label} was changed after it was applied`);
  });
}

async function apply(client: pg.ClientBase, migration: Migration): Promise<void> {
  const { version, name, sha256, sql } = migration;
  try {
    await client.query('begin');
    const transaction = await transactionOf(client);
    await client.query(sql);
    if ((await transactionOf(client)) !== transaction) throw new Error('it ends the transaction');
    await client.query('insert into schema_version (version, name, sha256) values ($1, $2, $3)', [
      version,
      name,
      sha256,
    ]);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback').catch(() => undefined);
    throw new Error(`migration ${numbered(version)}-${name} failed and was undone`, { cause });
  }
}

async function transactionOf(client: pg.ClientBase): Promise<string> {
  const { rows } = await client.query('select pg_current_xact_id()::text as id');
  return rows[0].id;
}
