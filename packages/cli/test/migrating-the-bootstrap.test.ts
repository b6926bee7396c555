import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDatabases, migrate } from '@mnv/cli';
import { migrationsDirectory, startTestServer } from '@mnv/testing';
import type { TestServer } from '@mnv/testing';
import pg from 'pg';

const PASSWORDS = {
  access_migrate: 'migrate-password',
  access_service: 'service-password',
  access_archiver: 'archiver-password',
};

describe('a new server', () => {
  let server: TestServer;
  const dsn = (role: string, password: string, database: string) =>
    `postgresql://${role}:${password}@${server.host}:${server.port}/${database}`;
  const bootstrap = (passwords: Record<string, string> = PASSWORDS) =>
    createDatabases({ adminDsn: server.adminDsn, databases: ['access'], passwords });
  const ask = async (connectionString: string, sql: string) => {
    const client = new pg.Client({ connectionString });
    await client.connect();
    return (await client.query(sql).finally(() => client.end())).rows;
  };

  beforeAll(async () => {
    server = await startTestServer({ durability: 'fast', settings: { log_statement: 'all' } });
  });
  afterAll(() => server.remove());

  it('gets a database, an owner who can migrate it, and a service that can read its version', async () => {
    await bootstrap();
    await migrate({
      dsn: dsn('access_migrate', PASSWORDS.access_migrate, 'access'),
      directory: migrationsDirectory('access'),
    });

    const service = dsn('access_service', PASSWORDS.access_service, 'access');
    expect(await ask(service, 'select max(version) > 0 as ok from schema_version')).toEqual([
      { ok: true },
    ]);
  });

  it('is bootstrapped again without loss, and takes the new passwords', async () => {
    const renewed = { ...PASSWORDS, access_service: 'renewed-password' };

    await bootstrap(renewed);

    const service = dsn('access_service', renewed.access_service, 'access');
    expect(await ask(service, 'select count(*) > 0 as kept from schema_version')).toEqual([
      { kept: true },
    ]);
    const old = dsn('access_service', PASSWORDS.access_service, 'access');
    await expect(ask(old, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('never sees a password, even when it logs every statement', async () => {
    const log = await readFile(server.logFile, 'utf8');

    expect(log).toContain('role access_service');
    for (const password of Object.values(PASSWORDS)) expect(log).not.toContain(password);
  });

  it('refuses a password that would be stored as something else, or is not given', async () => {
    await expect(bootstrap({ ...PASSWORDS, access_service: 'pässword-pässword' })).rejects.toThrow(
      'printable ASCII',
    );
    await expect(bootstrap({ access_migrate: PASSWORDS.access_migrate })).rejects.toThrow(
      'no password is given for the role access_service',
    );
  });
});
