import { createDatabases, migrate } from '@mnv/cli';
import { migrationsDirectory } from './migrated-template.ts';
import { randomPassword } from './test-cluster.ts';
import type { TestDatabaseKind } from './test-cluster.ts';
import type { TestServer } from './test-server.ts';

/** A migrated database on a test's own server. Answers its connection string as the service's role. */
export async function createDatabaseOn(
  server: TestServer,
  kind: TestDatabaseKind,
): Promise<string> {
  const owner = { role: `${kind}_migrate`, password: randomPassword() };
  const service = { role: `${kind}_service`, password: randomPassword() };
  const passwords = { [owner.role]: owner.password, [service.role]: service.password };
  const dsnFor = ({ role, password }: typeof owner) =>
    `postgresql://${role}:${password}@${server.host}:${server.port}/${kind}`;
  await createDatabases({ adminDsn: server.adminDsn, databases: [kind], passwords });
  await migrate({ dsn: dsnFor(owner), directory: migrationsDirectory(kind) });
  return dsnFor(service);
}
