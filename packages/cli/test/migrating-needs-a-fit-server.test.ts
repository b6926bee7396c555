import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverFindings } from '@mnv/cli';
import { startTestServer } from '@mnv/testing';
import type { TestServer } from '@mnv/testing';
import pg from 'pg';

const CONFIGURATION = join(import.meta.dirname, '../../../infra/postgresql/mynumber-vault.conf');

describe('a server with the settings of this repository', () => {
  let server: TestServer;
  let client: pg.Client;
  beforeAll(async () => {
    server = await startTestServer({ durability: 'durable', settings: await settingsWithoutTls() });
    client = new pg.Client({ connectionString: server.adminDsn });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await server.remove();
  });

  it('is found fit for use', async () => {
    expect(await serverFindings(client)).toEqual([]);
  });

  it.each([
    ['synchronous_commit', 'off', 'on or remote_apply'],
    ['synchronous_commit', 'local', 'on or remote_apply'],
    ['log_statement', 'all', 'none or ddl'],
    ['log_min_duration_statement', '0', '-1'],
    ['log_error_verbosity', 'default', 'terse'],
    ['log_parameter_max_length', '-1', '0'],
    ['log_parameter_max_length_on_error', '64', '0'],
    ['log_min_error_statement', 'error', 'panic or fatal or log'],
    ['password_encryption', 'md5', 'scram-sha-256'],
  ])('is found out when a session runs with %s = %s', async (setting, value, needed) => {
    await client.query(`set ${setting} to '${value}'`);

    const findings = await serverFindings(client);
    await client.query(`reset ${setting}`);

    expect(findings).toEqual([{ setting, found: value, needed }]);
  });
});

describe('a server that may lose what it answered', () => {
  it('is found out', async () => {
    const server = await startTestServer({ durability: 'fast' });
    const client = new pg.Client({ connectionString: server.adminDsn });
    await client.connect();

    const found = (await serverFindings(client)).map(({ setting }) => setting);
    await client.end();
    await server.remove();

    expect(found).toEqual(['fsync', 'full_page_writes', 'synchronous_commit']);
  });
});

/** The file as an operator would use it; TLS needs a certificate this test does not have. */
async function settingsWithoutTls(): Promise<Record<string, string>> {
  const text = await readFile(CONFIGURATION, 'utf8');
  const lines = text.split('\n').filter((line) => /^[a-z]/.test(line) && !line.startsWith('ssl'));
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', value = ''] = line.split(' = ');
      return [name, value.replaceAll("'", '')];
    }),
  );
}
