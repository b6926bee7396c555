import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileRoot } from '@mnv/erasure-tree';
import type { RootProvider } from '@mnv/erasure-tree';

/** Root versions in a file of their own, which goes with this process. */
export function scratchRoot(): RootProvider {
  const directory = mkdtempSync(join(tmpdir(), 'mynumber-bench-root-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const keyFile = join(directory, 'key');
  writeFileSync(keyFile, randomBytes(32), { mode: 0o600 });
  return createFileRoot({ file: join(directory, 'roots.json'), keyFile });
}
