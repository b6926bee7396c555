import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import type { Endpoints } from '../../src/system/endpoints.ts';
import type { LocalSystem } from '../../src/system/start-system.ts';
import { startTemporarySystem } from '../../src/system/temporary-system.ts';
import { commandLine, mynumber } from './mynumber.ts';

type Check = { name: string; state: string; found: string; todo?: string };

const CLOSED = 'https://localhost:1';
const place = mkdtempSync(join(tmpdir(), 'looking-'));
let system: LocalSystem;
let endpoints: Endpoints;

beforeAll(async () => {
  const { signal } = new AbortController();
  system = await startTemporarySystem({ say: () => undefined, signal, durability: 'durable' });
  endpoints = system.endpoints;
});

afterAll(async () => {
  await system.stop();
  rmSync(place, { recursive: true });
});

function fileIn(name: string, content: string, mode = 0o600): string {
  const file = join(place, name);
  writeFileSync(file, content, { mode });
  return file;
}

/** Looks at a system that is described like this. */
async function doctor(described: object): Promise<{ exitCode: number | null; checks: Check[] }> {
  const file = fileIn('endpoints.json', JSON.stringify(described));
  const run = await mynumber(commandLine('doctor', { endpoints: file, json: true }));
  return { exitCode: run.exitCode, checks: JSON.parse(run.out) as Check[] };
}

/** As the vault does when it finds its database older than what is remembered. */
async function openIncident(): Promise<void> {
  const { host, port, adminUser: user, adminPasswordFile } = endpoints.postgres;
  const password = readFileSync(adminPasswordFile, 'utf8').trim();
  const client = new pg.Client({ host, port, user, password, database: 'vault' });
  await client.connect();
  await client.query(`insert into vault.reconciliation (reason) values ('log-behind')`);
  await client.end();
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await setTimeout(200);
}

/** What the doctor says of the restore fence. */
const fence = async () => named((await doctor(endpoints)).checks, '復元フェンス');

const named = (checks: readonly Check[], name: string) =>
  checks.find((check) => check.name.includes(name));

describe('the doctor', () => {
  it('finds nothing wrong with a system that works', async () => {
    await until(async () => (await fence())?.state === 'ok');
    const { exitCode, checks } = await doctor(endpoints);

    expect(checks.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(exitCode).toBe(0);
    expect(named(checks, 'vault 稼働')?.found).toContain('open to services only');
  });

  it('finds the restore fence closed, and open again when two administrators have reconciled', async () => {
    const reconcile = (as: string) => mynumber(commandLine('restore reconcile', { ...at, as }));
    const at = { endpoints: fileIn('fence.json', JSON.stringify(endpoints)) };

    await openIncident();
    await reconcile('administrator-1');
    await until(async () => (await fence())?.state === 'fail');
    expect((await doctor(endpoints)).exitCode).toBe(1);
    expect(await fence()).toMatchObject({
      found: expect.stringContaining('閉 / closed'),
      todo: expect.stringContaining('mynumber restore status'),
    });

    await reconcile('administrator-2');
    await until(async () => (await fence())?.state === 'ok');
    expect((await doctor(endpoints)).exitCode).toBe(0);
  });

  it('tells a newcomer how to start, where there is no system', async () => {
    const nowhere = await mynumber(['doctor', '--endpoints', join(place, 'none.json')]);
    const broken = await mynumber(
      commandLine('doctor', { endpoints: fileIn('broken.json', '{"version":1') }),
    );
    const other = await mynumber(
      commandLine('doctor', { endpoints: fileIn('other.json', '{"version":2}') }),
    );

    expect([nowhere, broken, other].map(({ exitCode }) => exitCode)).toEqual([1, 1, 1]);
    expect(nowhere.err).toContain('There is no endpoints file at');
    expect(broken.err).toContain('not well-formed JSON');
    expect(other.err).toContain('not an endpoints file of version 1');
  });

  it('finds files that are gone, wrong, or open to others', async () => {
    const [client, ...others] = endpoints.clients;
    const open = fileIn('open-key.pem', '', 0o644);

    const { exitCode, checks } = await doctor({
      ...endpoints,
      logs: { ...endpoints.logs, policy: fileIn('policy', 'trust everybody\n') },
      clients: [
        { ...client, privateJwk: open },
        ...others.map((one) => ({ ...one, certificate: join(place, 'gone.pem') })),
      ],
    });

    expect(exitCode).toBe(1);
    expect(named(checks, '秘密ファイル')).toMatchObject({
      state: 'fail',
      todo: `chmod go= ${open}`,
    });
    expect(named(checks, 'certificate administration')).toMatchObject({
      state: 'fail',
      found: 'ENOENT',
    });
    expect(named(checks, '信頼ポリシー')).toMatchObject({ state: 'fail' });
    expect(named(checks, '信頼ポリシー')?.found).toContain('is not a trust policy');
  });

  it('finds services that are down, shut to us, or open to everybody', async () => {
    const { proxy, vault } = endpoints.services;

    const { exitCode, checks } = await doctor({
      ...endpoints,
      services: { proxy: vault, vault: proxy },
      identity: { ...endpoints.identity, jwks: `${CLOSED}/jwks` },
    });

    expect(exitCode).toBe(1);
    expect(named(checks, 'proxy 稼働')).toMatchObject({
      state: 'fail',
      found: '接続拒否 / our certificate is refused',
    });
    expect(named(checks, 'vault 稼働')).toMatchObject({
      state: 'fail',
      found: 'クライアントに応答 / answers an API client',
    });
    expect(named(checks, 'identity 稼働')).toMatchObject({
      state: 'fail',
      found: 'ECONNREFUSED',
      todo: 'See whether identity runs, and its service log.',
    });
  });

  it('finds a service that cannot prove itself', async () => {
    const notTheAuthority = endpoints.clients[0]?.certificate;

    const { checks } = await doctor({ ...endpoints, ca: notTheAuthority });
    const without = await doctor({ ...endpoints, ca: join(place, 'gone.pem') });

    expect(named(checks, 'proxy 稼働')).toMatchObject({ state: 'fail' });
    expect(named(checks, 'proxy 稼働')?.found).toMatch(/CERT|ISSUER|SIGNATURE/);
    expect(named(without.checks, '認証局')).toMatchObject({ state: 'fail', found: 'ENOENT' });
    expect(named(without.checks, 'proxy 稼働')).toMatchObject({ state: 'fail' });
  });

  it('finds a database that is down, or does not let us in', async () => {
    const { postgres } = endpoints;
    const adminPasswordFile = fileIn('password', 'not the password\n');

    const locked = await doctor({ ...endpoints, postgres: { ...postgres, adminPasswordFile } });
    const gone = await doctor({ ...endpoints, postgres: { ...postgres, port: 1 } });

    expect(named(locked.checks, 'database vault')).toMatchObject({ state: 'fail', found: '28P01' });
    expect(named(gone.checks, 'database vault')).toMatchObject({
      state: 'fail',
      found: 'ECONNREFUSED',
    });
  });

  it('says the same on a screen, with what to do', async () => {
    const file = fileIn('down.json', JSON.stringify({ ...endpoints, services: { proxy: CLOSED } }));

    const { exitCode, out } = await mynumber(commandLine('doctor', { endpoints: file }));

    expect(exitCode).toBe(1);
    expect(out).toMatch(/^✗ fail +proxy 稼働 \/ health +ECONNREFUSED +See whether proxy runs/m);
    expect(out).toMatch(/^✓ ok +Node\.js +v\d+/m);
  });
});
