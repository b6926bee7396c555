import { readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import type { PostgresServer } from './embedded-postgres.ts';

/** Names the file that tells test processes of the run's cluster; the run sets it up once. */
export const CLUSTER_FILE_VARIABLE = 'MNV_TEST_CLUSTER_FILE';

/** The databases tests can ask for. */
export const TEST_DATABASES = ['vault', 'access'] as const;
export type TestDatabaseKind = (typeof TEST_DATABASES)[number];

/** What a test process must know of the run's cluster. Passwords are by role, made anew for each run. */
export interface TestCluster {
  readonly host: string;
  readonly port: number;
  /** Absent when the server is somebody else's. */
  readonly logFile?: string;
  readonly passwords: Readonly<Record<string, string>>;
}

/** The cluster as test processes see it, with new passwords for every role. */
export function testClusterOf(server: PostgresServer, superPassword: string): TestCluster {
  const roles = TEST_DATABASES.flatMap((name) => [`${name}_migrate`, `${name}_service`]);
  const passwords = Object.fromEntries(roles.map((role) => [role, randomPassword()]));
  const { host, port, logFile } = server;
  return { host, port, logFile, passwords: { ...passwords, postgres: superPassword } };
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

/** A connection string for a role of the cluster. */
export function dsnFor(cluster: TestCluster, role: string, database: string): string {
  const password = cluster.passwords[role];
  if (password === undefined) throw new Error(`the test cluster has no role ${role}`);
  return `postgresql://${role}:${password}@${cluster.host}:${cluster.port}/${database}`;
}
