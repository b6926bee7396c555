import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');

export type SourceFile = { path: string; text: string };

/** Every path git tracks or would track, relative to the root, with `/` between the parts. */
export function projectPaths(): string[] {
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: ROOT,
      encoding: 'utf8',
      maxBuffer: 16_777_216,
    },
  );
  return listed.split('\0').filter((path) => path !== '');
}

/** The files whose path matches. A file that is gone from the disk but still in the index is left out. */
export function projectFiles(matches: (path: string) => boolean): SourceFile[] {
  return projectPaths()
    .filter(matches)
    .flatMap((path) => readIfThere(path));
}

function readIfThere(path: string): SourceFile[] {
  try {
    return [{ path, text: readFileSync(join(ROOT, path), 'utf8') }];
  } catch (error) {
    if (
      error instanceof Error &&
      'code' in error &&
      (error.code === 'ENOENT' || error.code === 'EISDIR')
    )
      return [];
    throw error;
  }
}

export function isSource(path: string): boolean {
  return /^(services|packages)\/[^/]+\/src\/.*\.ts$/.test(path);
}
