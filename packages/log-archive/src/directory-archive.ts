import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createFile, makeDirectoriesIn } from '@mnv/durable-files';
import type { ArchiveStore } from './archive-store.ts';
import { requireObjectName } from './archive-store.ts';

const OWNER_ONLY = 0o700;
const NOBODY_WRITES = 0o400;

/**
 * Objects as read-only files below a directory. Whoever owns the directory can still delete them: it is for
 * development, and for a file system that keeps files by itself.
 */
export function directoryArchive(directory: string): ArchiveStore {
  const makeDirectory = makeDirectoriesIn(directory, OWNER_ONLY);
  const fileOf = (name: string): string => {
    requireObjectName(name);
    return join(directory, name);
  };
  return {
    enforcesRetention: false,
    put: async (name, bytes) => {
      const file = fileOf(name);
      await makeDirectory(dirname(file));
      return (await createFile(file, bytes, NOBODY_WRITES)) ? 'stored' : 'exists';
    },
    get: async (name) => readIfThere(fileOf(name)),
    retainedUntil: () => Promise.resolve(undefined),
  };
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
