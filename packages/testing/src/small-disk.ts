import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVER_UID, isRoot } from './server-identity.ts';
import { RUN_PREFIX, runDirectory } from './sweep-leftovers.ts';

const BALLAST = 'ballast';
const CHUNK_BYTES = 1_048_576;
const PAGE_BYTES = 4_096;

/** A file system of its own that can be filled to the last page: writing to it then fails with ENOSPC. */
export interface SmallDisk {
  /** Of the user that PostgreSQL runs as; a process of root may write to it too. */
  readonly directory: string;
  fill(): Promise<void>;
  /** Takes the ballast away again. */
  free(): Promise<void>;
  remove(): void;
}

/** Whether this process may mount one: a container may refuse it whatever capabilities it shows, so it is tried. */
export function canMountSmallDisk(): boolean {
  if (!isRoot || process.platform !== 'linux') return false;
  try {
    mountSmallDisk({ mebibytes: 1 }).remove();
    return true;
  } catch {
    return false;
  }
}

/** Mounts one (in memory) where the run's clusters live. Call `remove` in `afterAll`; a killed run's is swept up. */
export function mountSmallDisk({ mebibytes }: { mebibytes: number }): SmallDisk {
  const home = mkdtempSync(join(runDirectory(), `${RUN_PREFIX}${process.pid}-`));
  chmodSync(home, 0o711);
  const directory = join(home, 'disk');
  mkdirSync(directory);
  const options = `size=${mebibytes}m,mode=0700,uid=${SERVER_UID},gid=${SERVER_UID}`;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', directory], { stdio: 'pipe' });
  } catch (error) {
    rmSync(home, { recursive: true });
    throw error;
  }
  const ballast = join(directory, BALLAST);
  return {
    directory,
    fill: () => growUntilFull(ballast),
    free: () => rm(ballast, { force: true }),
    remove: () => {
      execFileSync('umount', ['--lazy', directory]);
      rmSync(home, { recursive: true });
    },
  };
}

/** Large chunks first, then page by page: what is left over holds nothing. */
async function growUntilFull(path: string): Promise<void> {
  const file = await open(path, 'a');
  try {
    for (const bytes of [CHUNK_BYTES, PAGE_BYTES]) await appendUntilFull(file, Buffer.alloc(bytes));
  } finally {
    await file.close();
  }
}

async function appendUntilFull(file: Awaited<ReturnType<typeof open>>, chunk: Buffer) {
  for (;;) {
    try {
      await file.appendFile(chunk);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      return;
    }
  }
}
