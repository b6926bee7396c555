import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KeyTreeExport } from '@mnv/client';
import { clientFor } from '../../src/system/client-for.ts';
import type { LocalSystem } from '../../src/system/start-system.ts';
import { startTemporarySystem } from '../../src/system/temporary-system.ts';
import { commandLine, mynumber, printedBy } from './mynumber.ts';
import { newRecord } from './new-record.ts';

let system: LocalSystem;
let place: string;
beforeAll(async () => {
  const { signal } = new AbortController();
  system = await startTemporarySystem({ say: () => undefined, signal, durability: 'fast' });
  place = mkdtempSync(join(tmpdir(), 'restoring-'));
  const operator = { person: 'operator-1', clientId: 'payroll', tenant: 't-001' };
  const client = clientFor(system.endpoints, operator);
  await client.storeRecord(newRecord('kept'));
  await client.close();
});
afterAll(async () => {
  await system.stop();
  rmSync(place, { recursive: true });
});

const by = (as: string, words: string, more: Record<string, true> = {}) =>
  commandLine(words, { as, endpoints: system.endpointsFile, ...more });

/** The address as the runbook has it written. */
function ownerUrl(mode: number): string {
  const { databases, ports } = system.installation;
  const file = join(place, 'owner-url');
  const password = databases.passwords['vault_migrate'] ?? '';
  writeFileSync(file, `postgresql://vault_migrate:${password}@127.0.0.1:${ports.postgres}/vault\n`);
  chmodSync(file, mode);
  return file;
}

describe('a restore by the command line', () => {
  it('puts the newest key tree back by the owner’s address, from a file for its owner alone', async () => {
    const exported = by('administrator-1', 'keytree export', { json: true });
    const { name } = JSON.parse(await printedBy(exported)) as KeyTreeExport;
    const [directory = ''] = system.installation.layout.exports;
    const restoring = (mode: number) =>
      mynumber(
        commandLine(`keytree restore ${join(directory, name)}`, { 'url-file': ownerUrl(mode) }),
      );

    const open = await restoring(0o644);
    expect([open.exitCode, open.err]).toEqual([1, expect.stringContaining('chmod 600')]);
    expect((await restoring(0o600)).exitCode).toBe(0);
  });

  it('shows two administrators every finding, and the vault serves again', async () => {
    const proposed = await printedBy(by('administrator-1', 'restore reconcile'));
    for (const line of [
      'living: 1',
      'disposed of since the backup: 0',
      'must be 0: 0',
      'do not open: 0',
      'lost: 0',
    ])
      expect(proposed).toContain(`${line}\n`);
    const status = await mynumber(by('administrator-1', 'restore status'));
    expect([status.exitCode, status.out]).toEqual([
      1,
      expect.stringContaining('reconciliation-due'),
    ]);

    expect(await printedBy(by('administrator-2', 'restore reconcile'))).toContain('reconciled');
    expect(await printedBy(by('administrator-1', 'restore status'))).toContain('serving');
  });
});
