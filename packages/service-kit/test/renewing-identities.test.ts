import { X509Certificate } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import type { Agent } from 'node:https';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Authority } from '@mnv/pki';
import { createMutualServer, tlsFiles } from '../src/index.ts';
import type { MutualServer, TlsFiles, TlsIdentity, TlsMaterial } from '../src/index.ts';
import {
  agentOf,
  get,
  materialOf,
  newAuthority,
  newTlsFiles,
  writeMaterial,
} from './tls-parties.ts';

const POLL_MS = 5;

let ours: Authority;
let files: TlsFiles;
let first: TlsMaterial;
let faults: unknown[];
let identity: TlsIdentity;
let server: MutualServer;
let port: number;
let agents: Agent[];
beforeEach(async () => {
  [faults, agents] = [[], []];
  ours = newAuthority();
  first = materialOf(ours);
  files = newTlsFiles();
  writeMaterial(files, first);
  identity = tlsFiles(files, { pollMs: POLL_MS, onFault: (error) => faults.push(error) });
  server = createMutualServer({
    identity,
    app: (_req, res) => res.end('in'),
    peers: ['spiffe://test/client/payroll'],
    requirePeer: 'always',
    port: 0,
  });
  port = await server.listen();
});
afterEach(async () => {
  for (const agent of agents) agent.destroy();
  await server.close(0);
  identity.close();
  rmSync(dirname(files.caFile), { recursive: true });
});

function clientOf(authority: Authority, trusted: Authority): Agent {
  const agent = agentOf(materialOf(authority, { usage: 'client' }, trusted));
  agents.push(agent);
  return agent;
}

async function until(isSo: () => boolean): Promise<void> {
  for (let polls = 0; !isSo(); polls += 1) {
    if (polls > 1_000) throw new Error('it did not come to pass');
    await pause(POLL_MS);
  }
}

const derOf = (pem: string) => new X509Certificate(pem).raw;

describe('renewing the files of a running server', () => {
  it('shows the new certificate to new connections, and keeps the old ones', async () => {
    const [early, late] = [clientOf(ours, ours), clientOf(ours, ours)];
    const { connection } = await get(early, port);
    const next = materialOf(ours);
    writeMaterial(files, next);
    await until(() => identity.current().certificate === next.certificate);

    const [kept, fresh] = [await get(early, port), await get(late, port)];

    expect(fresh.serverCertificate).toEqual(derOf(next.certificate));
    expect(kept).toMatchObject({ body: 'in', connection });
  });

  it.each<[string, (next: TlsMaterial) => [file: string, half: string]]>([
    ['the key is still the old one', (next) => [files.certificateFile, next.certificate]],
    ['the key is still being written', (next) => [files.keyFile, next.key.slice(0, 100)]],
    [
      'the authorities are cut short',
      (next) => [files.caFile, `${next.ca}${next.ca.slice(0, 200)}`],
    ],
    ['the authorities are empty', () => [files.caFile, '']],
    [
      'an authority stands under a label that hides it',
      (next) => [files.caFile, next.ca.replaceAll('CERTIFICATE', 'TRUSTED CERTIFICATE')],
    ],
  ])('waits while %s, and says so', async (_what, halfOf) => {
    const next = materialOf(ours);
    writeFileSync(...halfOf(next));
    await until(() => faults.length > 0);

    expect(identity.current()).toEqual(first);
    expect((await get(clientOf(ours, ours), port)).serverCertificate).toEqual(
      derOf(first.certificate),
    );

    writeMaterial(files, next);
    await until(() => identity.current().certificate === next.certificate);
    expect(identity.current()).toEqual(next);
  });

  it('waits while a file is gone', async () => {
    rmSync(files.keyFile);
    await until(() => faults.length > 0);

    expect(identity.current()).toEqual(first);
  });

  it('ends the connections of an authority that is no longer trusted, and lets nobody else in by it', async () => {
    const old = clientOf(ours, ours);
    await get(old, port);
    const successor = newAuthority();
    const next = materialOf(successor);
    writeMaterial(files, next);
    await until(() => identity.current().ca === next.ca);

    const refused = [get(old, port), get(clientOf(ours, successor), port)];
    const welcome = get(clientOf(successor, successor), port);

    for (const one of refused)
      await expect(one).rejects.toThrow(/socket|alert|self-signed|certificate/);
    expect((await welcome).body).toBe('in');
  });

  it('accepts the old and the new authority while both are named', async () => {
    const successor = newAuthority();
    const both = ours.certificatePem + successor.certificatePem;
    writeMaterial(files, { ...materialOf(ours), ca: both });
    await until(() => identity.current().ca === both);

    const answers = [get(clientOf(ours, ours), port), get(clientOf(successor, ours), port)];

    expect((await Promise.all(answers)).map(({ body }) => body)).toEqual(['in', 'in']);
  });
});

describe('files that do not fit in the beginning', () => {
  it.each<[string, Partial<TlsMaterial>, string]>([
    ['another key', { key: materialOf(newAuthority()).key }, 'the key is not the key'],
    ['no authority', { ca: '' }, 'not a list of whole certificates'],
  ])('are refused at once: %s', (_what, wrong, why) => {
    writeMaterial(files, { ...first, ...wrong });

    expect(() => tlsFiles(files)).toThrow(why);
  });
});
