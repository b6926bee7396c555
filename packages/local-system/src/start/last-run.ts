import { existsSync, readFileSync } from 'node:fs';
import type { DemoResult } from '../demo/result.ts';
import { writePrivateFile } from '../files/private-file.ts';

/** The main job's last run on a data directory. */
export type LastRun = { at: string; result: DemoResult };

/** The last run, or undefined when there was none. One of a version that disposed of nobody is none. */
export function findLastRun(file: string): LastRun | undefined {
  if (!existsSync(file)) return undefined;
  const last = JSON.parse(readFileSync(file, 'utf8')) as LastRun;
  return 'certificate' in last.result ? last : undefined;
}

export function keepLastRun(file: string, run: LastRun): void {
  writePrivateFile(file, `${JSON.stringify(run)}\n`);
}
