import { createHash } from 'node:crypto';
import { chown, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isRunning } from './is-running.ts';
import { SHARED_DIRECTORY, makeDirectory } from './private-directory.ts';
import { requireOwnDirectory, requireSafeShared } from './private-directory.ts';
import { SERVER_UID, isRoot, serverCanEnter } from './server-identity.ts';

/** sun_path holds 104 bytes on macOS (108 on Linux), the closing zero included. */
const MAX_SOCKET_PATH = 103;
const LONGEST_SOCKET_NAME = '/s/.s.PGSQL.65535';
const PRIVATE = { uid: SERVER_UID, forbiddenMode: 0o077 };

/**
 * The directory a cluster really lives in. Usually the wanted one. When its path is too long for a unix
 * socket, or the server's user may not enter it, the cluster lives in a private directory under /var/tmp
 * named by a hash of the wanted path, and the wanted path is a file holding that directory's path.
 */
export async function clusterDirectory(wanted: string): Promise<string> {
  const path = resolve(wanted);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const pointer = await pointerAt(path);
  if (pointer !== undefined) return followed(path, pointer);
  return (await isSuitable(path)) ? ownDirectory(path) : elsewhere(path);
}

async function pointerAt(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() ? (await readFile(path, 'utf8')).trim() : undefined;
}

/** A pointer to nothing is an error: an empty cluster in its place would look like lost data, silently. */
async function followed(path: string, target: string): Promise<string> {
  await requireOwnDirectory(target, PRIVATE).catch((cause: unknown) => {
    throw new Error(`${path} names a cluster that is not usable: ${target}`, { cause });
  });
  return target;
}

async function isSuitable(path: string): Promise<boolean> {
  const fits = Buffer.byteLength(path + LONGEST_SOCKET_NAME) <= MAX_SOCKET_PATH;
  return fits && (await serverCanEnter(dirname(path)));
}

async function ownDirectory(path: string): Promise<string> {
  if ((await makeDirectory(path)) === 'made' && isRoot) await chown(path, SERVER_UID, SERVER_UID);
  await requireOwnDirectory(path, PRIVATE);
  return path;
}

/**
 * Without a pointer, what an earlier run left under the name is an orphan (its data directory was removed
 * on purpose, and with it every secret that could use it), so it is emptied.
 */
async function elsewhere(path: string): Promise<string> {
  await requireSafeShared(SHARED_DIRECTORY);
  const hash = createHash('sha256').update(path).digest('hex').slice(0, 24);
  const target = join(SHARED_DIRECTORY, `mynumber-vault-${hash}`);
  if ((await makeDirectory(target)) === 'found') await replaceOrphan(target);
  if (isRoot) await chown(target, SERVER_UID, SERVER_UID);
  await requireOwnDirectory(target, PRIVATE);
  await writeFile(`${path}.new`, `${target}\n`, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return target;
}

async function replaceOrphan(target: string): Promise<void> {
  const found = await lstat(target);
  const started = isRoot && found.uid === 0 ? 0 : SERVER_UID; // a crash between mkdir and chown left root's
  await requireOwnDirectory(target, { uid: started, forbiddenMode: 0o077 });
  if (await isServed(target)) throw new Error(`a server still runs in ${target}`);
  await rm(target, { recursive: true });
  await mkdir(target, { mode: 0o700 });
}

async function isServed(directory: string): Promise<boolean> {
  const text = await readFile(join(directory, 'data/postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n', 1)[0]);
  return Number.isSafeInteger(pid) && pid > 0 && isRunning(pid);
}
