import { execFileSync } from 'node:child_process';
import { accessSync, constants, readFileSync, statfsSync } from 'node:fs';
import { lstat, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireOwnDirectory } from './private-directory.ts';
import { isRunning } from './is-running.ts';
import { SERVER_UID } from './server-identity.ts';

/** Directories of test runs: `<prefix><pid of the run>-<random>` in the temporary directory. */
export const RUN_PREFIX = 'mynumber-vault-tests-';

const MEMORY = '/dev/shm';
const ENOUGH_BYTES = 2 ** 31;

/** Memory where the system offers enough of it (cloning a database there is ten times faster), else the disk. */
export function runDirectory(): string {
  try {
    const { bavail, bsize } = statfsSync(MEMORY);
    accessSync(MEMORY, constants.W_OK);
    return bavail * bsize >= ENOUGH_BYTES ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}

/** Removes what killed runs left behind. Only our own directories, and only of runs that are over. */
export async function sweepLeftovers(): Promise<void> {
  for (const name of await readdir(runDirectory())) {
    const pid = Number(
      name.startsWith(RUN_PREFIX) ? name.slice(RUN_PREFIX.length).split('-')[0] : 0,
    );
    if (pid > 0 && !isRunning(pid)) await removeRun(join(runDirectory(), name));
  }
}

async function removeRun(home: string): Promise<void> {
  const { uid } = await lstat(home);
  if (uid !== process.getuid?.()) return;
  const elsewhere = (await readFile(join(home, 'postgres'), 'utf8').catch(() => '')).trim();
  if (elsewhere !== '') await removeCluster(elsewhere);
  unmountBelow(home);
  await rm(home, { recursive: true, force: true });
}

/** A file system of a test is busy for who removes the directory it is mounted on. */
function unmountBelow(home: string): void {
  if (process.platform !== 'linux') return;
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  for (const mount of mounts) {
    const [, directory = ''] = mount.split(' ');
    if (directory.startsWith(`${home}/`)) execFileSync('umount', ['--lazy', directory]);
  }
}

async function removeCluster(directory: string): Promise<void> {
  try {
    await requireOwnDirectory(directory, { uid: SERVER_UID, forbiddenMode: 0o077 });
  } catch {
    return;
  }
  await rm(directory, { recursive: true, force: true });
}
