import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from './sync-directory.ts';
import { writeAside } from './write-aside.ts';
import type { Content } from './write-aside.ts';

/**
 * Gives a file its whole content, in place of what had the name. Durable when it resolves: content, then name,
 * then directory. A crash leaves the old file or the new one, and so do parts that break off.
 */
export async function replaceFile(path: string, content: Content, mode: number): Promise<void> {
  const aside = await writeAside(path, content, mode);
  try {
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}
