import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';

/** Of a file; parts are written as they come. */
export type Content = string | Uint8Array | AsyncIterable<Uint8Array>;

/**
 * Writes content, flushed, under a name beside `path` that nobody reads, and answers that name. A crash can leave
 * it behind.
 */
export async function writeAside(path: string, content: Content, mode: number): Promise<string> {
  const aside = `${path}.${randomUUID()}.new`;
  try {
    const file = await open(aside, 'wx', mode);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    return aside;
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}
