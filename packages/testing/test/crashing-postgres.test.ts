import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestServer } from '@mnv/testing';
import type { TestServer } from '@mnv/testing';
import pg from 'pg';

describe('a server of a test file', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer({ durability: 'durable' });
  });
  afterAll(() => server.remove());

  const connected = async () => {
    const client = new pg.Client({ connectionString: server.adminDsn });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };

  it('crashes under an open transaction and comes back without it, at the same address', async () => {
    const client = await connected();
    await client.query('create table deed (id integer)');
    await client.query('insert into deed values (1)');
    await client.query('begin');
    await client.query('insert into deed values (2)');

    await server.stop('immediate');
    await expect(client.query('commit')).rejects.toThrow(/terminat|not queryable|closed/i);
    await expect(connected()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.start();

    const next = await connected();
    expect((await next.query('select id from deed')).rows).toEqual([{ id: 1 }]);
    await next.end();
  });
});
