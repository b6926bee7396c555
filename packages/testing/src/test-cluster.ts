import { readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';

/** Names the file that tells test processes of the run's cluster; the run sets it up once. */
export const CLUSTER_FILE_VARIABLE = 'MNV_TEST_CLUSTER_FILE';

/** The databases tests can ask for. */
export const TEST_DATABASES = ['vault', 'access', 'disposal'] as const;
export type TestDatabaseKind = (typeof TEST_DATABASES)[number];

/** What a test process must know of the run's cluster. Passwords are by role, made anew for each run. */
export interface TestCluster {
  /** As the superuser, in the database `postgres`. */
  readonly adminDsn: string;
  readonly passwords: Readonly<Record<string, string>>;
  /** Absent when the server is somebody else's. */
  readonly logFile?: string;
}

/** 192 random bits in printable ASCII. */
export function randomPassword(): string {
  return randomBytes(24).toString('base64url');
}

/** The cluster of this test run. */
export function testCluster(): TestCluster {
  const file = process.env[CLUSTER_FILE_VARIABLE];
  if (file === undefined) throw new Error('no test cluster: run the tests with jest from the root');
  return JSON.parse(readFileSync(file, 'utf8')) as TestCluster;
}

/** A connection string for a role of the cluster; `postgres` is the superuser, whatever its name. */
export function dsnFor(cluster: TestCluster, role: string, database: string): string {
  const url = new URL(cluster.adminDsn);
  url.pathname = `/${database}`;
  if (role === 'postgres') return url.href;
  const password = cluster.passwords[role];
  if (password === undefined) throw new Error(`the test cluster has no role ${role}`);
  return Object.assign(url, { username: role, password }).href;
}
