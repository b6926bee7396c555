import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from '@mnv/durable-files';
import { tileDirectory } from '@mnv/transparency-log';
import type { ExportPlace, ExportWriter } from './export-place.ts';
import { isExportName } from './export-place.ts';

const UNFINISHED = '.unfinished';

/**
 * A directory, which must exist: one that is made anew would hide that the disk behind it is not there.
 * What a crash leaves unfinished is removed by the next export.
 */
export function exportDirectory(name: string, directory: string): ExportPlace {
  const pathOf = (file: string) => {
    if (!isExportName(file)) throw new RangeError('not the name of an export');
    return join(directory, file);
  };
  return {
    name,
    async create(file) {
      const path = pathOf(file);
      await removeUnfinished(directory);
      const aside = `${path}.${randomUUID()}${UNFINISHED}`;
      const handle = await open(aside, 'wx', 0o600);
      return writer({ handle, aside, path, directory });
    },
    read: (file) => createReadStream(pathOf(file)),
    list: async () => (await readdir(directory)).filter((file) => isExportName(file)).toSorted(),
    remove: (file) => rm(pathOf(file)),
    controlLog: tileDirectory(join(directory, 'control-log')),
  };
}

type Unfinished = { handle: FileHandle; aside: string; path: string; directory: string };

function writer({ handle, aside, path, directory }: Unfinished): ExportWriter {
  return {
    async write(chunk) {
      await handle.writeFile(chunk);
    },
    async commit() {
      await handle.sync();
      await handle.close();
      await rename(aside, path);
      await syncDirectory(directory);
    },
    async abort() {
      await handle.close().catch(() => undefined);
      await rm(aside, { force: true }).catch(() => undefined);
    },
  };
}

async function removeUnfinished(directory: string): Promise<void> {
  for (const file of await readdir(directory)) {
    if (file.endsWith(UNFINISHED)) await rm(join(directory, file), { force: true });
  }
}
