import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from '@mnv/client';
import { clientFor } from '../../src/system/client-for.ts';
import type { LocalSystem } from '../../src/system/start-system.ts';
import { startTemporarySystem } from '../../src/system/temporary-system.ts';
import { commandLine, mynumber, printedBy } from '../command-line/mynumber.ts';
import { SHORT_DRAIN } from '../short-drain.ts';
import { rowsOf } from './released-and-logged.ts';
import { until } from './running-program.ts';

const ORIGIN = 'local/control';
const CONTRADICTION = 'the control log contradicts what was seen of it';
const place = mkdtempSync(join(tmpdir(), 'control-'));
const data = () => dirname(system.endpointsFile);
const endpoints = () => ({ endpoints: system.endpointsFile });
const serviceLog = () => readFileSync(join(data(), 'logs', 'access-proxy.log'), 'utf8');

let system: LocalSystem;
let auditor: Client;

beforeAll(async () => {
  const { signal } = new AbortController();
  const order = { signal, vaultSettings: SHORT_DRAIN };
  system = await startTemporarySystem({ say: () => undefined, ...order, durability: 'fast' });
  auditor = as('auditor-2', 'operator');
});
afterAll(async () => {
  await auditor.close();
  await system.stop();
  rmSync(place, { recursive: true });
});

function as(person: string, tenant: string): Client {
  const clientId = tenant === 'operator' ? 'administration' : 'payroll';
  return clientFor(system.endpoints, { person, clientId, tenant });
}

async function operatorEntries(op: string) {
  const entries = await Array.fromAsync(auditor.accessEntries());
  return entries.filter((entry) => entry.op === op);
}

const exporting = (more: Record<string, string | true>) =>
  commandLine('log export', { control: true, to: join(place, 'log'), ...endpoints(), ...more });

describe('the control log of a running system', () => {
  it('is recorded by the proxy in the log of the operator company', async () => {
    const recorded = async () => {
      const note = await auditor.readControlLog('checkpoint');
      const hash = createHash('sha256')
        .update(note ?? '')
        .digest('base64url');
      const entries = await operatorEntries('record-control-checkpoint');
      return entries.find(({ rqh }) => rqh === hash);
    };
    let entry: Awaited<ReturnType<typeof recorded>>;
    await until(async () => (entry = await recorded()) !== undefined);
    expect(entry).toMatchObject({ k: 'act', act: 'access-proxy', dec: 'allow' });
  });

  it('is cosigned by the external witness', async () => {
    const name = createHash('sha256').update(ORIGIN).digest('hex');
    const folder = join(data(), 'witness', 'heads', name);
    await until(() => existsSync(folder) && readdirSync(folder).length > 0);
    const isCosigned = async () => {
      const note = Buffer.from((await auditor.readControlLog('checkpoint')) ?? '').toString();
      return readdirSync(folder).some((head) => readFileSync(join(folder, head), 'utf8') === note);
    };
    await expect(until(isCosigned)).resolves.toBeUndefined();
  });

  it('is exported by an auditor of the operator company, each view an entry, and verifies', async () => {
    const before = (await operatorEntries('view-control-log')).length;
    await printedBy(exporting({ as: 'auditor-2', client: 'administration' }));
    expect(await operatorEntries('view-control-log')).toHaveLength(before + 1);

    const policy = join(data(), 'trust-policy.txt');
    const from = join(place, 'log');
    const out = await printedBy(commandLine('verify log', { from, policy, json: true }));
    expect(JSON.parse(out)).toMatchObject({ ok: true, origin: ORIGIN, missing: 0, findings: [] });
    expect((JSON.parse(out) as { kinds: object }).kinds).toMatchObject({ 'root.created': 1 });
  });

  it('is not there for people of a tenant, which stands in the log of theirs', async () => {
    const other = as('auditor-1', 't-001');
    expect(await other.readControlLog('checkpoint')).toBeUndefined();
    expect(await other.readControlLog('tile/0/000.p/1')).toBeUndefined();
    const entries = await Array.fromAsync(other.accessEntries());
    const denied = entries.filter(({ op }) => op === 'view-control-log');
    expect(denied.map(({ dec }) => dec)).toEqual(['deny:not-found', 'deny:not-found']);
    await other.close();
  });

  it('is one log of the command line: a tenant, or this one', async () => {
    const { exitCode, err } = await mynumber(exporting({ as: 'auditor-2', tenant: 'operator' }));
    expect(exitCode).not.toBe(0);
    expect(err).toContain('Name one log');
  });

  it('says that nothing is left under the old root, once an administrator rotated the keys', async () => {
    const order = { as: 'administrator-1', json: true, ...endpoints() } as const;
    const out = await printedBy(commandLine('root rotate', order));
    expect(JSON.parse(out)).toMatchObject({ state: 'done', epoch: 2 });
    const to = join(place, 'rotated');
    await printedBy(exporting({ as: 'auditor-2', client: 'administration', to }));
    const policy = join(data(), 'trust-policy.txt');
    const verified = await printedBy(commandLine('verify log', { from: to, policy, json: true }));
    const { ok, kinds } = JSON.parse(verified) as { ok: boolean; kinds: Record<string, number> };
    expect([ok, kinds['erasure.rotated'], kinds['root.created']]).toEqual([true, 1, 2]);
    expect(await operatorEntries('rotate-keys')).toMatchObject([{ k: 'act', dec: 'allow' }]);
  });

  it('is an alarm when it is not the one that was seen', async () => {
    const kill = (name: string) => process.kill(system.pids()[name] ?? 0, 'SIGKILL');
    const runsAgain = (name: string, before: number | undefined) =>
      until(() => ![undefined, before].includes(system.pids()[name]));
    // What a restored or rewritten database does: the vault begins a log of its own anew.
    await rowsOf(system.endpoints, { database: 'vault', sql: 'delete from vault.control_batch' });
    for (const name of ['vault', 'access proxy']) {
      const before = system.pids()[name];
      kill(name);
      await runsAgain(name, before);
    }
    await until(() => serviceLog().includes(CONTRADICTION));
    const alarms = serviceLog()
      .split('\n')
      .filter((line) => line.includes(CONTRADICTION));
    expect(JSON.parse(alarms[0] ?? '')).toMatchObject({ level: 'error', origin: ORIGIN, size: 1 });
  });
});
