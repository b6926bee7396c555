import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { migrate } from '@mnv/cli';
import pg from 'pg';
import type { Endpoints } from '../system/endpoints.ts';
import { adminDsn } from './baseline-database.ts';

/** Addresses of a database: for the role of its service, and for the superuser who fills it. */
export type DisposableDatabase = { serviceDsn: string; adminDsn: string };

/**
 * Another database of a kind in the same cluster, so that a measurement touches nothing of the running one.
 */
export async function createDisposableDatabase(
  endpoints: Endpoints,
  { kind, name }: { kind: 'vault' | 'disposal'; name: string },
): Promise<DisposableDatabase> {
  await execute(adminDsn(endpoints, 'postgres'), `create database ${name} owner ${kind}_migrate`);
  const dsnOf = (role: string) => roleDsn(endpoints, role, name);
  const directory = new URL(`../../../../migrations/${kind}`, import.meta.url).pathname;
  await migrate({ dsn: dsnOf(`${kind}_migrate`), directory });
  return { serviceDsn: dsnOf(`${kind}_service`), adminDsn: adminDsn(endpoints, name) };
}

/** Runs one statement on its own connection. */
export async function execute(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function roleDsn(endpoints: Endpoints, role: string, database: string): string {
  const { host, port, adminPasswordFile } = endpoints.postgres;
  const file = join(dirname(adminPasswordFile), `${role}-password`);
  const password = encodeURIComponent(readFileSync(file, 'utf8').trim());
  return `postgresql://${role}:${password}@${host}:${port}/${database}`;
}
