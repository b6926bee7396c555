import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeWithProcess } from './remove-with-process.ts';

/** Does work with a private temporary directory that outlives neither the work nor, by SIGKILL, this process. */
export async function withScratchDirectory<Result>(
  work: (directory: string) => Promise<Result>,
): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'mynumber-vault-run-'));
  const dismiss = removeWithProcess(directory);
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
    dismiss();
  }
}
