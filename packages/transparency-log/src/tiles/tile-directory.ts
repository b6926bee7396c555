import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeDirectoriesIn, replaceFile } from '@mnv/durable-files';
import { parseTilePath } from './tile-path.ts';
import type { FetchFile } from './verified-tiles.ts';
import type { PutFile } from './write-tiles.ts';

const DIRECTORY_MODE = 0o755;
const FILE_MODE = 0o644;

/**
 * A tlog-tiles log as plain files in a directory, ready to be served as they are. A file is complete or
 * not there, and durable with the directories above it when `put` resolves. Only paths of a log are taken.
 */
export function tileDirectory(directory: string): { fetch: FetchFile; put: PutFile } {
  const makeDirectory = makeDirectoriesIn(directory, DIRECTORY_MODE);
  return {
    fetch: (path) => readIfThere(fileOf(directory, path)),
    put: async (path, bytes) => {
      const file = fileOf(directory, path);
      await makeDirectory(dirname(file));
      await replaceFile(file, bytes, FILE_MODE);
    },
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
