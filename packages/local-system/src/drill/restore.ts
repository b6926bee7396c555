import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { restoreControlLog, restoreKeyTree } from '@mnv/cli';
import { parsePolicy } from '@mnv/transparency-log';
import { serviceDsn } from '../bootstrap/databases.ts';
import type { Ports } from '../supervisor/ports.ts';
import type { Installation } from '../system/installation.ts';
import { startSystem } from '../system/start-system.ts';
import type { LocalSystem } from '../system/start-system.ts';
import type { RestoredCluster } from './restored-cluster.ts';
import { asAdministrator, exportsOf } from './scenario.ts';

/** The runbook of a restore, step by step, by the code of its commands; resolves with a system that serves. */
export async function mergeAndServe(order: {
  data: string;
  ports: Ports;
  say(text: string): void;
  signal: AbortSignal;
  installation: Installation;
  restored: RestoredCluster;
}): Promise<LocalSystem> {
  const { restored, installation, say } = order;
  const { layout } = installation;
  const dsn = restored.dsnOf('vault_migrate');
  const [directory = ''] = layout.exports;
  const policy = parsePolicy(readFileSync(layout.policyFile, 'utf8'), {
    origins: 'key-name-or-below',
  });
  const log = await restoreControlLog({ dsn, directory: join(directory, 'control-log'), policy });
  say(`control log: ${log.size} entries, ${log.added} of them newer than the backup`);
  const file = newest(exportsOf({ installation } as LocalSystem), directory);
  const tree = await restoreKeyTree({ dsn, file });
  say(`key tree of epoch ${tree.epoch}: ${tree.nodes} nodes`);
  const system = await startSystem({
    ...order,
    durability: 'durable',
    vaultSettings: {
      VAULT_ROOT_GRACE_HOURS: '0',
      VAULT_DATABASE_URL: serviceDsn('vault', restored.port),
      PGPASSFILE: restored.passwordFile,
    },
  });
  for (const person of ['administrator-1', 'administrator-2']) {
    const { state, findings, dropped } = await asAdministrator(
      system.endpoints,
      person,
      (administration) => administration.reconcile(),
    );
    say(`${person}: ${state} ${JSON.stringify(findings)}, dropped again ${dropped}`);
  }
  return system;
}

function newest(files: readonly string[], directory: string): string {
  const file = files.findLast((name) => name.startsWith(`${directory}/`));
  if (file === undefined) throw new Error('there is no export');
  return file;
}
