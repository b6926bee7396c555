import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { migrate } from '@mnv/cli';
import pg from 'pg';
import type { Endpoints } from '../../system/endpoints.ts';
import { adminDsn } from '../baseline-database.ts';
import { REWRAP_SCHEMA } from './baseline-rewrap-all.ts';

const MIGRATIONS = new URL('../../../../../migrations/vault', import.meta.url).pathname;

/**
 * A second vault database in the same cluster, so that no epoch of the measurement touches the running one,
 * and the baseline's table. Gives the address for the vault's own role.
 */
export async function createTreeDatabase(endpoints: Endpoints): Promise<string> {
  await execute(adminDsn(endpoints, 'postgres'), 'create database erasure owner vault_migrate');
  await migrate({ dsn: dsnOf(endpoints, 'vault_migrate'), directory: MIGRATIONS });
  await execute(adminDsn(endpoints, 'baseline'), REWRAP_SCHEMA);
  return dsnOf(endpoints, 'vault_service');
}

function dsnOf({ postgres: { host, port, adminPasswordFile } }: Endpoints, role: string): string {
  const file = join(dirname(adminPasswordFile), `${role}-password`);
  const password = encodeURIComponent(readFileSync(file, 'utf8').trim());
  return `postgresql://${role}:${password}@${host}:${port}/erasure`;
}

async function execute(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
