import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { probing } from './doctor-check.ts';
import type { Check } from './doctor-check.ts';
import type { Endpoints } from './endpoints.ts';
import { migrationFiles } from './migration-files.ts';
import { serverFindings } from './server-findings.ts';

const MIGRATIONS = resolve(import.meta.dirname, '../../../migrations');
const START = 'Start the database, and see that this machine may reach it.';

/** Whether each database answers, has the newest migrations, and runs with the settings it needs. */
export async function checkDatabases({ postgres }: Endpoints): Promise<Check[]> {
  if (postgres === undefined) return [];
  const checks = await Promise.all(
    postgres.databases.map(async (database) => {
      const name = `データベース / database ${database}`;
      return probing(name, START, () =>
        withDatabase({ ...postgres, database }, (client) => stateOf(client, database, name)),
      );
    }),
  );
  return checks;
}

async function stateOf(client: pg.Client, database: string, name: string): Promise<Check> {
  const version = await versionOf(client, database);
  const newest = (await migrationFiles(join(MIGRATIONS, database))).length;
  if (version !== newest) {
    const todo =
      version < newest ? `Run mynumber migrate --database ${database}.` : 'Update this program.';
    return { name, state: 'fail', found: `version ${version}, 最新 / newest ${newest}`, todo };
  }
  const [finding, ...others] = await serverFindings(client);
  if (finding === undefined) return { name, state: 'ok', found: `version ${version}` };
  const found = `${finding.setting} = ${finding.found}${others.length > 0 ? ` (+${others.length})` : ''}`;
  return { name, state: 'warn', found, todo: `Set ${finding.setting} to ${finding.needed}.` };
}

/** 0 for a database that no migration has touched. */
async function versionOf(client: pg.Client, database: string): Promise<number> {
  const ledger = `${pg.escapeIdentifier(database)}.schema_version`;
  const found = await client.query<{ there: boolean }>(
    'select to_regclass($1) is not null as there',
    [ledger],
  );
  if (found.rows[0]?.there !== true) return 0;
  const { rows } = await client.query<{ version: number | null }>(
    `select max(version) as version from ${ledger}`,
  );
  return rows[0]?.version ?? 0;
}

async function withDatabase<Result>(
  place: NonNullable<Endpoints['postgres']> & { database: string },
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const { host, port, database, adminUser: user, adminPasswordFile } = place;
  const password = (await readFile(adminPasswordFile, 'utf8')).trim();
  const client = new pg.Client({
    host,
    port,
    database,
    user,
    password,
    connectionTimeoutMillis: 3_000,
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
