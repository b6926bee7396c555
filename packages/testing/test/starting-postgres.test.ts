import { execFile, spawn } from 'node:child_process';
import {
  chmod,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startPostgres } from '@mnv/testing';
import type { PostgresOptions, PostgresServer } from '@mnv/testing';
import pg from 'pg';
import { isRunning } from '../src/is-running.ts';
import { postgresBinaries } from '../src/postgres-binaries.ts';
import { runDirectory } from '../src/sweep-leftovers.ts';
import { SERVER_IDENTITY, SERVER_UID, isRoot } from '../src/server-identity.ts';

const PASSWORD = 'super-password';
const DURABILITY = `select string_agg(setting, ' ' order by name) as s from pg_settings
  where name in ('data_checksums', 'fsync', 'full_page_writes', 'synchronous_commit')`;
const run = promisify(execFile);

const whenRoot = isRoot ? it : it.skip;

let home: string;
const places = new Set<string>();

beforeEach(async () => {
  home = await mkdtemp(join(runDirectory(), 'mynumber-vault-start-'));
  await chmod(home, 0o711);
});
afterEach(async () => {
  for (const place of [...places, home]) await rm(place, { recursive: true, force: true });
  places.clear();
});

async function start(options: Partial<PostgresOptions> = {}): Promise<PostgresServer> {
  const server = await startPostgres({
    directory: join(home, 'postgres'),
    superPassword: PASSWORD,
    durability: 'fast',
    ...options,
  });
  places.add(server.directory);
  return server;
}
async function ask(server: PostgresServer, sql: string, host = server.host) {
  const { port } = server;
  const client = new pg.Client({
    host,
    port,
    user: 'postgres',
    password: PASSWORD,
    database: 'postgres',
  });
  client.on('error', () => undefined);
  await client.connect();
  return (await client.query(sql).finally(() => client.end())).rows;
}

describe('a durable server in a directory that fits', () => {
  let server: PostgresServer;
  let place: string;
  beforeAll(async () => {
    place = await mkdtemp(join(runDirectory(), 'mynumber-vault-start-'));
    await chmod(place, 0o711);
    server = await startDurably();
    await ask(server, 'create table kept (name text primary key)');
  });
  afterAll(async () => {
    await server.stop();
    await rm(place, { recursive: true });
  });
  const startDurably = (port?: number) =>
    startPostgres({
      directory: join(place, 'postgres'),
      superPassword: PASSWORD,
      durability: 'durable',
      ...(port === undefined ? {} : { port }),
    });

  it('answers on loopback and on its socket', async () => {
    expect(server.directory).toBe(join(place, 'postgres'));
    for (const host of [server.host, server.socketDirectory]) {
      expect(await ask(server, 'select 1 as n', host)).toEqual([{ n: 1 }]);
    }
  });

  it('asks for the password on loopback and on its socket', async () => {
    for (const host of [server.host, server.socketDirectory]) {
      const client = new pg.Client({
        host,
        port: server.port,
        user: 'postgres',
        password: 'wrong',
      });
      await expect(client.connect()).rejects.toMatchObject({ code: '28P01' });
    }
  });

  it('flushes every commit and checks its pages', async () => {
    expect(await ask(server, DURABILITY)).toEqual([{ s: 'on on on on' }]);
  });

  it('logs neither statements, parameters nor the values of a violated key', async () => {
    const insert = `insert into kept values ('a-value')`;
    await ask(server, insert);
    await ask(server, insert).catch(() => undefined);

    const log = await readFile(server.logFile, 'utf8');
    expect(log).toContain('duplicate key');
    expect(log).not.toContain('a-value');
  });

  it.each(['fast', 'immediate'] as const)(
    'keeps what was committed over an end that is %s',
    async (mode) => {
      await ask(server, `insert into kept values ('${mode}')`);
      await server.stop(mode);
      server = await startDurably(server.port);

      const kept = await ask(server, `select name from kept where name = '${mode}'`);
      expect(kept).toEqual([{ name: mode }]);
    },
  );
});

describe('the start of a server', () => {
  it('begins anew after one that was interrupted half-way, says why it fails, and is fast when asked', async () => {
    await mkdir(join(home, 'postgres/data.new'), { recursive: true, mode: 0o700 });
    await run('chown', ['-R', `${SERVER_UID}:${SERVER_UID}`, join(home, 'postgres')]);
    await chmod(join(home, 'postgres'), 0o700);
    await writeFile(join(home, 'postgres/data.new/PG_VERSION'), '18\n');

    await expect(start({ settings: { no_such_setting: 'on' } })).rejects.toThrow('no_such_setting');
    const server = await start();

    expect(await ask(server, DURABILITY)).toEqual([{ s: 'on off off off' }]);
    await server.stop();
  });

  it('refuses a directory that others could read or prepare', async () => {
    await mkdir(join(home, 'postgres'));
    await chmod(join(home, 'postgres'), 0o777);

    await expect(start()).rejects.toThrow('not a directory that only we can change');
  });
});

describe('a server whose wanted directory does not fit', () => {
  const deep = () => join(home, 'a'.repeat(60), 'b'.repeat(60), 'postgres');

  it('lives in a private directory, named in the wanted place, as long as that name is kept', async () => {
    const server = await start({ directory: deep() });

    expect((await readFile(deep(), 'utf8')).trim()).toBe(server.directory);
    expect(server.directory).toMatch(/^\/var\/tmp\/mynumber-vault-[0-9a-f]{24}$/);
    const { mode, uid } = await lstat(server.directory);
    expect([mode & 0o777, uid]).toEqual([0o700, SERVER_UID]);
    await ask(server, 'create table kept as select 42 as n', server.socketDirectory);
    await server.stop();
    const next = await start({ directory: deep() });
    expect(await ask(next, 'table kept')).toEqual([{ n: 42 }]);
    await next.stop();

    await rm(deep());
    const fresh = await start({ directory: deep() });
    expect(await ask(fresh, `select to_regclass('kept') as kept`)).toEqual([{ kept: null }]);
    await fresh.stop();
  });

  it('does not pretend to be empty when its private directory is gone', async () => {
    await writeFile(join(home, 'postgres'), '/var/tmp/mynumber-vault-gone\n');

    await expect(start()).rejects.toThrow('names a cluster that is not usable');
  });

  whenRoot('lives elsewhere when the server may not enter a home of mode 0700', async () => {
    await chmod(home, 0o700);
    const server = await start();

    expect(server.directory).toMatch(/^\/var\/tmp\/mynumber-vault-[0-9a-f]{24}$/);
    expect(await ask(server, 'select 1 as n')).toEqual([{ n: 1 }]);
    await server.stop();
  });
});

describe('the programs of PostgreSQL', () => {
  const version = `0.0.0-test-${process.pid}`;
  const place = `/var/tmp/mynumber-vault-postgres-${process.platform}-${process.arch}-${version}-0`;
  let packaged: string;
  beforeEach(async () => {
    packaged = join(home, 'package');
    await mkdir(join(packaged, 'native/bin'), { recursive: true });
    await writeFile(join(packaged, 'native/bin/postgres'), '');
    await writeFile(join(packaged, 'package.json'), JSON.stringify({ version }));
    await chmod(home, 0o700);
  });
  afterEach(() => rm(place, { recursive: true, force: true }));

  it('run as the user of the server even from a home of mode 0700 made under umask 077', async () => {
    const native = join((await postgresBinaries()).postgres, '../..');
    for (const name of ['bin', 'lib', 'pg-symlinks.json', 'share']) {
      const options = { recursive: true, verbatimSymlinks: true };
      await cp(join(native, name), join(packaged, 'native', name), options);
    }
    await run('chmod', ['-R', 'go-rwx', packaged]);

    const binaries = await postgresBinaries(packaged);
    const again = await postgresBinaries(packaged);

    const { stdout } = await run(binaries.initdb, ['--version'], { ...SERVER_IDENTITY, cwd: '/' });
    expect(stdout).toMatch(/^initdb \(PostgreSQL\) 18/);
    expect(again).toEqual(binaries);
    expect((await readdir('/var/tmp')).filter((name) => name.includes('-draft-'))).toEqual([]);
  });

  whenRoot('are not taken from a directory that somebody else could have prepared', async () => {
    await mkdir(join(place, 'bin'), { recursive: true });
    await writeFile(join(place, '.complete'), '');
    await run('chown', ['-R', String(SERVER_UID), place]);

    await expect(postgresBinaries(packaged)).rejects.toThrow(
      'not a directory that only we can change',
    );
  });

  whenRoot('are not taken through a link, nor from where others may write', async () => {
    await mkdir(join(home, 'prepared'));
    await symlink(join(home, 'prepared'), place);
    await expect(postgresBinaries(packaged)).rejects.toThrow(
      'not a directory that only we can change',
    );

    await rm(place);
    await mkdir(place);
    await chmod(place, 0o777);
    await expect(postgresBinaries(packaged)).rejects.toThrow(
      'not a directory that only we can change',
    );
  });
});

describe('a server whose parent is killed', () => {
  it('ends, even though the parent could not say goodbye', async () => {
    const script = join(import.meta.dirname, 'start-and-wait.ts');
    const parent = spawn(process.execPath, [script, join(home, 'postgres'), PASSWORD], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await parent.stdout.take(1).toArray()) as Buffer[];
    const pid = Number(line?.toString());
    expect(isRunning(pid)).toBe(true);

    parent.kill('SIGKILL');

    const deadline = Date.now() + 5_000;
    while (isRunning(pid) && Date.now() < deadline) await pause(20);
    expect(isRunning(pid)).toBe(false);
  });
});
