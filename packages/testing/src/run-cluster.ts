import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRoles, rolesOf } from '@mnv/cli';
import pg from 'pg';
import { RUN_PREFIX, runDirectory, sweepLeftovers } from './sweep-leftovers.ts';
import { CLUSTER_FILE_VARIABLE, TEST_DATABASES, randomPassword } from './test-cluster.ts';
import type { TestCluster } from './test-cluster.ts';
import { startTestServer } from './test-server.ts';

/** The superuser of a disposable server to test against instead of an embedded one. */
const ADMIN_DSN_VARIABLE = 'MNV_TEST_POSTGRES_DSN';

/**
 * One cluster for a whole test run, told to the test processes by a file named in the environment. Returns
 * how to end it. Nothing of an embedded one outlives the run; a given server keeps roles and templates.
 */
export async function startRunCluster(): Promise<() => Promise<void>> {
  await sweepLeftovers();
  const { cluster, remove } = await chosenCluster();
  await createTestRoles(cluster);
  const home = await mkdtemp(join(runDirectory(), `${RUN_PREFIX}${process.pid}-`));
  await chmod(home, 0o700);
  const file = join(home, 'cluster.json');
  await writeFile(file, JSON.stringify(cluster), { mode: 0o600 });
  process.env[CLUSTER_FILE_VARIABLE] = file;
  return async () => {
    await remove();
    await rm(home, { recursive: true, force: true });
  };
}

async function chosenCluster(): Promise<{ cluster: TestCluster; remove: () => Promise<void> }> {
  const passwords = newPasswords();
  const given = process.env[ADMIN_DSN_VARIABLE];
  if (given !== undefined) {
    return { cluster: { adminDsn: given, passwords }, remove: () => Promise.resolve() };
  }
  const server = await startTestServer({ durability: 'fast' });
  const { adminDsn, logFile } = server;
  return { cluster: { adminDsn, logFile, passwords }, remove: () => server.remove() };
}

/** New passwords for the roles of every test database. */
function newPasswords(): Readonly<Record<string, string>> {
  const roles = TEST_DATABASES.flatMap((name) => rolesOf(name));
  return Object.fromEntries(roles.map((role) => [role, randomPassword()]));
}

async function createTestRoles({ adminDsn, passwords }: TestCluster): Promise<void> {
  const admin = new pg.Client({ connectionString: adminDsn });
  await admin.connect();
  try {
    for (const database of TEST_DATABASES) await createRoles(admin, database, passwords);
  } finally {
    await admin.end();
  }
}
