import { join } from 'node:path';
import { createDatabases, migrate, rolesOf } from '@mnv/cli';
import { keptSecret, writePrivateFile } from '../files/private-file.ts';

export const DATABASES = ['vault', 'access', 'disposal'] as const;
export type LocalDatabase = (typeof DATABASES)[number];

const MIGRATIONS = new URL('../../../../migrations/', import.meta.url).pathname;

export type DatabaseFiles = {
  adminPassword: string;
  adminPasswordFile: string;
  /** By role name. */
  passwords: Record<string, string>;
  /** libpq password file of each service: its own login and nothing else. */
  passwordFiles: Record<LocalDatabase, string>;
};

/** The passwords of the superuser and of each database's roles, made once and kept. */
export function ensureDatabaseSecrets(directory: string): DatabaseFiles {
  const adminPasswordFile = join(directory, 'postgres-password');
  const roles = DATABASES.flatMap((name) => rolesOf(name));
  const passwords = Object.fromEntries(
    roles.map((role) => [role, keptSecret(join(directory, `${role}-password`))]),
  );
  const passwordFile = (name: LocalDatabase) => {
    const path = join(directory, `${name}-service.pgpass`);
    writePrivateFile(path, `127.0.0.1:*:${name}:${name}_service:${passwords[`${name}_service`]}\n`);
    return path;
  };
  return {
    adminPassword: keptSecret(adminPasswordFile),
    adminPasswordFile,
    passwords,
    passwordFiles: {
      vault: passwordFile('vault'),
      access: passwordFile('access'),
      disposal: passwordFile('disposal'),
    },
  };
}

function dsn(role: string, password: string, place: { port: number; database: string }): string {
  return `postgresql://${role}:${encodeURIComponent(password)}@127.0.0.1:${place.port}/${place.database}`;
}

/** Where a service's database is. The password stands in the service's password file, not here. */
export function serviceDsn(name: LocalDatabase, port: number): string {
  return `postgresql://${name}_service@127.0.0.1:${port}/${name}`;
}

/** Makes the databases and their roles and brings them to the newest schema. Repeats harmlessly. */
export async function prepareDatabases(
  { adminPassword, passwords }: DatabaseFiles,
  port: number,
): Promise<number> {
  const adminDsn = dsn('postgres', adminPassword, { port, database: 'postgres' });
  await createDatabases({ adminDsn, databases: DATABASES, passwords });
  const applied = await Promise.all(
    DATABASES.map((database) => {
      const role = `${database}_migrate`;
      const place = { port, database };
      const directory = join(MIGRATIONS, database);
      return migrate({ dsn: dsn(role, passwords[role] ?? '', place), directory });
    }),
  );
  return applied.flat().length;
}
