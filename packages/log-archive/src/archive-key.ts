import { createSecretKey, type KeyObject } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';

const KEY_BYTES = 32;
const OTHERS = 0o077;

/**
 * The key over the keys of all segments: 32 bytes in a file only its owner may use.
 * @throws Error in one sentence
 */
export async function readArchiveKey(file: string): Promise<KeyObject> {
  const { mode } = await stat(file);
  if ((mode & OTHERS) !== 0) throw new Error('The archive key is open to others than its owner.');
  const bytes = await readFile(file);
  if (bytes.length !== KEY_BYTES) throw new Error('The archive key is not 32 bytes.');
  return createSecretKey(bytes);
}
