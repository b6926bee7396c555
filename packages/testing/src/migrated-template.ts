import { createHash } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { migrate, migrationFiles } from '@mnv/cli';
import { dsnFor } from './test-cluster.ts';
import type { TestCluster, TestDatabaseKind } from './test-cluster.ts';

const TEMPLATE_LOCK = 7_031_985_202;

/**
 * The name of a migrated database to clone, made by the first test file that asks and keyed by the hash of
 * its migrations. It takes its name only when complete, so a name found is a template ready for use.
 */
export async function migratedTemplate(
  cluster: TestCluster,
  kind: TestDatabaseKind,
): Promise<string> {
  const directory = migrationsDirectory(kind);
  const name = `template_${kind}_${await fingerprintOf(directory)}`;
  const admin = new pg.Client({ connectionString: dsnFor(cluster, 'postgres', 'postgres') });
  await admin.connect();
  try {
    await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const found = await admin.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) {
      const draft = `draft_${kind}`;
      await admin.query(`drop database if exists ${draft}`);
      await admin.query(`create database ${draft} owner ${kind}_migrate strategy file_copy`);
      await migrate({ dsn: dsnFor(cluster, `${kind}_migrate`, draft), directory });
      await admin.query(`alter database ${draft} rename to ${name}`);
    }
    return name;
  } finally {
    await admin.end();
  }
}

/** Where the migrations of a database are in this repository. */
export function migrationsDirectory(kind: TestDatabaseKind): string {
  return join(import.meta.dirname, '../../../migrations', kind);
}

async function fingerprintOf(directory: string): Promise<string> {
  const files = await migrationFiles(directory);
  const text = files.map(({ version, name, sha256 }) => `${version} ${name} ${sha256}`).join('\n');
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
