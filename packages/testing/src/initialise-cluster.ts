import { execFile } from 'node:child_process';
import { chown, lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SERVER_IDENTITY, SERVER_UID, isRoot } from './server-identity.ts';
import type { Durability } from './server-settings.ts';

const run = promisify(execFile);

/** The environment of every PostgreSQL program: nothing of ours, no locale of the machine. */
export const SERVER_ENVIRONMENT = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' };

/** What a new cluster is made from. The password is the superuser's (`postgres`). */
export interface NewCluster {
  readonly initdb: string;
  readonly directory: string;
  readonly superPassword: string;
  readonly durability: Durability;
}

/**
 * Makes the data directory unless it is there. It is prepared under another name and renamed when complete:
 * initdb writes its version file first, so a half-made directory would look like a cluster.
 */
export async function initialiseCluster(cluster: NewCluster): Promise<void> {
  const data = join(cluster.directory, 'data');
  if (await exists(data)) return;
  const draft = join(cluster.directory, 'data.new');
  const passwordFile = join(cluster.directory, 'password.new');
  await rm(draft, { recursive: true, force: true });
  await mkdir(join(cluster.directory, 's'), { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, `${cluster.superPassword}\n`, { mode: 0o600 });
  if (isRoot) {
    for (const path of [join(cluster.directory, 's'), passwordFile]) {
      await chown(path, SERVER_UID, SERVER_UID);
    }
  }
  try {
    await run(cluster.initdb, initdbArguments(cluster, draft, passwordFile), {
      ...SERVER_IDENTITY,
      env: SERVER_ENVIRONMENT,
      cwd: '/',
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rename(draft, data);
}

function initdbArguments(cluster: NewCluster, data: string, passwordFile: string): string[] {
  return [
    ['-D', data, '-U', 'postgres', '--pwfile', passwordFile],
    ['--auth=scram-sha-256', '--data-checksums', '--encoding=UTF8'],
    ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'],
    cluster.durability === 'fast' ? ['--no-sync'] : [],
  ].flat();
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
