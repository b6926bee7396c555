import { readFile } from 'node:fs/promises';
import { parsePolicy } from '@mnv/transparency-log';
import type { Policy } from '@mnv/transparency-log';
import { CommandError } from './command.ts';

/**
 * The logs and witnesses a verifier trusts (C2SP tlog-policy). It must come from another hand than the log
 * itself, or the check proves nothing. One `log` line covers the logs directly below its name.
 */
export async function readTrustPolicy(file: string): Promise<Policy> {
  const text = await readFile(file, 'utf8');
  try {
    return parsePolicy(text, { origins: 'key-name-or-below' });
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown reason';
    throw new CommandError(`${file} is not a trust policy: ${reason}.`);
  }
}
