import { readFile, stat } from 'node:fs/promises';
import { replaceFile } from '@mnv/durable-files';
import { RootUnavailableError } from './root-provider.ts';

const OTHERS = 0o077;
const OWNER_ONLY = 0o600;

/** The content, or undefined if there is no such file. Refuses a file that others than the owner may use. */
export async function readPrivateFile(path: string): Promise<Buffer | undefined> {
  try {
    const { mode } = await stat(path);
    if ((mode & OTHERS) !== 0)
      throw new RootUnavailableError('a key file is open to others than its owner');
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === undefined) throw error;
    throw new RootUnavailableError(`a key file cannot be read (${code})`);
  }
}

/** Replaces the file as a whole, for its owner alone. Durable when it resolves; a crash leaves the old one or the new one. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  await replaceFile(path, content, OWNER_ONLY);
}
