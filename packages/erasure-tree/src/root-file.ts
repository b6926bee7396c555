import { randomBytes } from 'node:crypto';
import { readPrivateFile, writePrivateFile } from './private-file.ts';
import { RootUnavailableError } from './root-provider.ts';
import type { RootStatus } from './root-provider.ts';

/** One root version as written in the file. */
export type RootEntry = {
  ref: string;
  status: Exclude<RootStatus, 'unknown'>;
  createdAt: number;
  destroyAt?: number;
  /** base64; absent once destroyed. */
  sealedKey?: string;
};

/** Version 1: `salt` (base64) feeds scrypt; each key is AES-256-GCM under the derived key, bound to its ref. */
export type RootFile = { version: 1; salt: string; roots: RootEntry[] };

/** A missing file is an empty one: the first version makes it. */
export async function readRootFile(path: string): Promise<RootFile> {
  const content = await readPrivateFile(path);
  if (content === undefined) {
    return { version: 1, salt: randomBytes(32).toString('base64'), roots: [] };
  }
  const state = JSON.parse(content.toString('utf8')) as RootFile;
  if (state.version !== 1) throw new RootUnavailableError('unknown version of the root file');
  return state;
}

export function writeRootFile(path: string, state: RootFile): Promise<void> {
  return writePrivateFile(path, `${JSON.stringify(state, null, 2)}\n`);
}
