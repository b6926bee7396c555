import { mkdir } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { syncDirectory } from './sync-directory.ts';

/**
 * Makes directories at and below `base`, which are there for good when it resolves, as are those above `base` that
 * had to be made. One that exists is flushed as well, once: who made it may have stopped before that. Throws
 * RangeError for a directory elsewhere.
 */
export function makeDirectoriesIn(
  base: string,
  mode: number,
): (directory: string) => Promise<void> {
  const root = resolve(base);
  const made = new Map<string, Promise<void>>();
  const make = (directory: string): Promise<void> => {
    const known = made.get(directory);
    if (known) return known;
    const making = directory === root ? makeFrom(root, mode) : makeBelow(directory);
    made.set(directory, making);
    // What failed is tried again by whoever comes next.
    void making.catch(() => made.delete(directory));
    return making;
  };
  const makeBelow = async (directory: string): Promise<void> => {
    await make(dirname(directory));
    await makeOne(directory, mode);
    await syncDirectory(dirname(directory));
  };
  return async (directory) => {
    const path = resolve(directory);
    if (path !== root && !path.startsWith(root === sep ? sep : root + sep))
      throw new RangeError('not a directory below the base');
    await make(path);
  };
}

/** Makes a directory and, from the first one that exists, those above it. */
async function makeFrom(directory: string, mode: number): Promise<void> {
  try {
    await makeOne(directory, mode);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    await makeFrom(dirname(directory), mode);
    await makeOne(directory, mode);
  }
  await syncAbove(directory);
}

/** What is above a directory given to us may be closed to us: then it was not us who made it. */
async function syncAbove(directory: string): Promise<void> {
  try {
    await syncDirectory(dirname(directory));
  } catch (error) {
    if (codeOf(error) !== 'EACCES') throw error;
  }
}

async function makeOne(directory: string, mode: number): Promise<void> {
  try {
    await mkdir(directory, { mode });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}
