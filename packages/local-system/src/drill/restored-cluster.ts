import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPostgres } from '@mnv/testing';
import type { Installation } from '../system/installation.ts';

export type RestoredCluster = {
  port: number;
  directory: string;
  /** For the vault's own role: where its password is. */
  passwordFile: string;
  dsnOf(role: 'postgres' | 'vault_migrate'): string;
  stop(): Promise<void>;
};

/** A server of its own on the files of a base copy. */
export async function startRestored(order: {
  data: string;
  place: string;
  installation: Installation;
}): Promise<RestoredCluster> {
  const { databases } = order.installation;
  const options = {
    directory: join(order.place, 'restored'),
    superPassword: databases.adminPassword,
    durability: 'durable' as const,
  };
  // A cluster of its own, so that its directory is one the server may use; its files then give way to the copy's.
  const fresh = await startPostgres(options);
  await fresh.stop();
  rmSync(join(fresh.directory, 'data'), { recursive: true });
  execFileSync('cp', ['-a', order.data, join(fresh.directory, 'data')]);
  const server = await startPostgres(options);
  const passwordFile = join(order.place, 'restored.pgpass');
  const password = databases.passwords['vault_service'] ?? '';
  writeFileSync(passwordFile, `127.0.0.1:${server.port}:vault:vault_service:${password}\n`, {
    mode: 0o600,
  });
  return {
    port: server.port,
    directory: server.directory,
    passwordFile,
    dsnOf: (role) => {
      const secret =
        role === 'postgres' ? databases.adminPassword : (databases.passwords[role] ?? '');
      return `postgresql://${role}:${encodeURIComponent(secret)}@127.0.0.1:${server.port}/vault`;
    },
    stop: () => server.stop(),
  };
}
