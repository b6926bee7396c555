import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { createRoles } from '@mnv/cli';
import { startPostgres } from './embedded-postgres.ts';
import { RUN_PREFIX, runDirectory, sweepLeftovers } from './sweep-leftovers.ts';
import { CLUSTER_FILE_VARIABLE, TEST_DATABASES } from './test-cluster.ts';
import { dsnFor, randomPassword, testClusterOf } from './test-cluster.ts';
import type { TestCluster } from './test-cluster.ts';

/**
 * One fast cluster for a whole test run, told to the test processes by a file named in the environment.
 * Returns how to end it. Nothing in it outlives the run.
 */
export async function startRunCluster(): Promise<() => Promise<void>> {
  await sweepLeftovers();
  const home = await mkdtemp(join(runDirectory(), `${RUN_PREFIX}${process.pid}-`));
  await chmod(home, 0o711);
  const superPassword = randomPassword();
  const directory = join(home, 'postgres');
  const server = await startPostgres({ directory, superPassword, durability: 'fast' });
  const cluster = testClusterOf(server, superPassword);
  await createTestRoles(cluster);
  const file = join(home, 'cluster.json');
  await writeFile(file, JSON.stringify(cluster), { mode: 0o600 });
  process.env[CLUSTER_FILE_VARIABLE] = file;
  return async () => {
    await server.stop('immediate');
    await rm(server.directory, { recursive: true, force: true });
    await rm(home, { recursive: true, force: true });
  };
}

async function createTestRoles(cluster: TestCluster): Promise<void> {
  const admin = new pg.Client({ connectionString: dsnFor(cluster, 'postgres', 'postgres') });
  await admin.connect();
  try {
    for (const database of TEST_DATABASES) await createRoles(admin, database, cluster.passwords);
  } finally {
    await admin.end();
  }
}
