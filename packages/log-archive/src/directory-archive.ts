import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ArchiveStore } from './archive-store.ts';
import { requireObjectName } from './archive-store.ts';

/**
 * Objects as read-only files below a directory. Whoever owns the directory can still delete them: it is for
 * development, and for a file system that keeps files by itself.
 */
export function directoryArchive(directory: string): ArchiveStore {
  const fileOf = (name: string): string => {
    requireObjectName(name);
    return join(directory, name);
  };
  return {
    enforcesRetention: false,
    put: (name, bytes) => putOnce(fileOf(name), bytes),
    get: (name) => readIfThere(fileOf(name)),
    retainedUntil: () => Promise.resolve(undefined),
  };
}

/** Written aside, flushed, then given its name by `link`, which takes none that exists. */
async function putOnce(file: string, bytes: Uint8Array): Promise<'stored' | 'exists'> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const aside = `${file}.${randomUUID()}`;
  await writeDurably(aside, bytes);
  try {
    await link(aside, file);
    await syncDirectory(dirname(file));
    return 'stored';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return 'exists';
    throw error;
  } finally {
    await unlink(aside);
  }
}

async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx', 0o400);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
