import { link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from './sync-directory.ts';
import { writeAside } from './write-aside.ts';

/**
 * Creates a file with its whole content; false when the name is taken, whoever took it. Durable when it resolves,
 * either way: who took the name may not have come to its flush. After a crash a file is complete or not there.
 */
export async function createFile(
  path: string,
  content: string | Uint8Array,
  mode: number,
): Promise<boolean> {
  const isNew = await takeName(await writeAside(path, content, mode), path);
  if (!isNew) await syncFile(path);
  await syncDirectory(dirname(path));
  return isNew;
}

async function takeName(aside: string, path: string): Promise<boolean> {
  try {
    await link(aside, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
