import { lstat, mkdir, stat } from 'node:fs/promises';

/** Survives a reboot and every user may enter it; others may write to it, so what we find there is verified. */
export const SHARED_DIRECTORY = '/var/tmp';

/** Whose a directory must be, and which permission bits it must not have. */
export interface Ownership {
  readonly uid: number;
  readonly forbiddenMode: number;
}

/**
 * Refuses a path another user could have prepared or could still change: it must be a real directory (no
 * link), owned as said, without the forbidden bits. Only then is anything inside it trusted.
 */
export async function requireOwnDirectory(path: string, ownership: Ownership): Promise<void> {
  const found = await lstat(path);
  const trusted =
    found.isDirectory() &&
    found.uid === ownership.uid &&
    (found.mode & ownership.forbiddenMode) === 0;
  if (!trusted) throw new Error(`${path} is not a directory that only we can change: remove it`);
}

/** Refuses a shared directory in which others could replace our entries (world-writable and not sticky). */
export async function requireSafeShared(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o002) !== 0 && (mode & 0o1000) === 0)
    throw new Error(`${path} lacks the sticky bit`);
}

/** Makes a directory if it is not there. Returns whether this call made it. */
export async function makeDirectory(path: string): Promise<'made' | 'found'> {
  try {
    await mkdir(path, { mode: 0o700 });
    return 'made';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return 'found';
  }
}
