import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseTilePath } from './tile-path.ts';
import type { FetchFile } from './verified-tiles.ts';
import type { PutFile } from './write-tiles.ts';

/**
 * A tlog-tiles log as plain files in a directory, ready to be served as they are. A file is complete or
 * not there: it is written aside, flushed, and renamed. Only paths of a log are taken.
 */
export function tileDirectory(directory: string): { fetch: FetchFile; put: PutFile } {
  return {
    fetch: (path) => readIfThere(fileOf(directory, path)),
    put: (path, bytes) => writeWhole(fileOf(directory, path), bytes),
  };
}

function fileOf(directory: string, path: string): string {
  if (path !== 'checkpoint' && parseTilePath(path) === undefined) {
    throw new RangeError('not a path of a tiled log');
  }
  return join(directory, path);
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const aside = `${file}.${randomUUID()}`;
  const handle = await open(aside, 'wx', 0o644);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(aside, file);
}
