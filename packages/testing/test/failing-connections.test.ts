import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, startFaultyProxy } from '@mnv/testing';
import type { FaultyProxy, TestDatabase } from '@mnv/testing';
import pg from 'pg';

let database: TestDatabase;
let proxy: FaultyProxy;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase('access');
  await database.pool('access_migrate').query('create table kept (id integer)');
});
afterAll(() => database.drop());
beforeEach(async () => {
  const { hostname, port } = new URL(database.dsnOf('access_migrate'));
  proxy = await startFaultyProxy({ host: hostname, port: Number(port) });
  client = newClient();
});
afterEach(async () => {
  await proxy.close();
  await client.end().catch(() => undefined);
});

function newClient(): pg.Client {
  const made = new pg.Client({
    connectionString: proxy.through(database.dsnOf('access_migrate')),
    query_timeout: 500,
  });
  made.on('error', () => undefined);
  return made;
}
const kept = async (id: number) => {
  const { rowCount } = await database
    .pool('access_migrate')
    .query('select 1 from kept where id = $1', [id]);
  return (rowCount ?? 0) > 0;
};

describe('a connection through the proxy', () => {
  it('carries everything while there is no fault', async () => {
    await client.connect();

    const { rows } = await client.query(
      `select length(repeat('x', 400000)) as n, repeat('y', 400000) as y`,
    );

    expect([rows[0].n, rows[0].y.length]).toEqual([400_000, 400_000]);
  });

  it('is as slow as told, in each direction, and keeps order', async () => {
    await client.connect();
    proxy.delay('to-server', 60);
    proxy.delay('to-client', 60);
    const start = performance.now();

    const answers = await Promise.all([
      client.query('select 1 as n'),
      client.query('select 2 as n'),
    ]);

    expect(performance.now() - start).toBeGreaterThanOrEqual(119);
    expect(answers.map(({ rows }) => rows[0].n)).toEqual([1, 2]);
  });

  it('loses the answer but not the deed when the way to the client is cut', async () => {
    await client.connect();
    proxy.cut('to-client');

    await expect(client.query('insert into kept values (1)')).rejects.toThrow('Query read timeout');

    expect(await kept(1)).toBe(true);
  });

  it('loses the deed when the way to the server is cut', async () => {
    await client.connect();
    proxy.cut('to-server');

    await expect(client.query('insert into kept values (2)')).rejects.toThrow('Query read timeout');

    expect(await kept(2)).toBe(false);
  });

  it('ends in the middle of an answer when told after how many bytes', async () => {
    await client.connect();
    proxy.dropAfter('to-client', 10);

    await expect(client.query(`select repeat('x', 100)`)).rejects.toThrow(/terminated|ECONNRESET/);
  });

  it('delivers exactly as many bytes as it was told to', async () => {
    const { port } = proxy;
    proxy.dropAfter('to-client', 5);
    const socket = connect(port, '127.0.0.1');
    const got: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => got.push(chunk)).on('error', () => undefined);
    socket.write(Buffer.from('0000000804d20000', 'hex')); // not a request the server knows: it explains
    await once(socket, 'close');

    expect(Buffer.concat(got)).toHaveLength(5);
  });

  it('swallows the one message named, and no other', async () => {
    proxy.swallow(2, 'C');
    await client.connect();

    await client.query('insert into kept values (3)');
    const rows = await client.query('insert into kept values (4) returning id');

    expect(rows.command).toBeNull();
    expect(await kept(4)).toBe(true);
    expect((await client.query('select 5 as n')).rows).toEqual([{ n: 5 }]);
  });

  it('falls silent without an end when it is half open', async () => {
    await client.connect();
    let ended = false;
    client.on('end', () => {
      ended = true;
    });
    proxy.halfOpen();

    await expect(client.query('select 1')).rejects.toThrow('Query read timeout');

    expect(ended).toBe(false);
  });

  it('breaks at once when reset, and the next connection is sound once healed', async () => {
    await client.connect();
    proxy.cut('to-server');
    const pending = client.query('select 1');
    proxy.reset();
    await expect(pending).rejects.toThrow(/terminated|ECONNRESET/);

    proxy.heal();
    const next = newClient();
    await next.connect();

    expect((await next.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
    await next.end();
  });
});
