import { readPrivateFile, writePrivateFile } from './private-file.ts';
import { RootUnavailableError } from './root-provider.ts';

/**
 * How many changes of a root file were ever seen: the memory that tells an old copy of it from the newest.
 * Written after the file, so it never is ahead of it; read before the file, for the same reason.
 */
export type NewestChange = {
  seen(): Promise<number>;
  remember(changes: number): Promise<void>;
};

export function newestChange(path: string): NewestChange {
  let newest = 0;
  return {
    async seen() {
      newest = Math.max(newest, await read(path));
      return newest;
    },
    async remember(changes) {
      await writePrivateFile(path, `${changes}\n`);
      newest = changes;
    },
  };
}

/** Refuses a file that ends before what was seen of it. */
export function requireNewest(changes: number, seen: number): void {
  if (changes >= seen) return;
  throw new RootUnavailableError(
    changes === 0
      ? 'the root file is gone'
      : `an old copy of the root file was put back: it ends with change ${changes} of ${seen}`,
  );
}

async function read(path: string): Promise<number> {
  const text = (await readPrivateFile(path))?.toString('utf8').trim() ?? '0';
  if (!/^\d{1,15}$/.test(text)) {
    throw new RootUnavailableError('the memory of the root file is damaged');
  }
  return Number(text);
}
