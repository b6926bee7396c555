import { StartupError } from '../startup-error.ts';
import { NoteError, openCheckpoint } from '@mnv/transparency-log';
import type { Checkpoint, Policy, VerifierKey } from '@mnv/transparency-log';

/**
 * The keys that the trust policy lists for the vault's control log. Throws StartupError when it lists none:
 * then nobody could tell a checkpoint of it from another.
 */
export function controlKeysOf(
  policy: Policy,
  { deployment, setting }: { deployment: string; setting: string },
): VerifierKey[] {
  const keys = policy.logKeysOf(`${deployment}/control`);
  if (keys.length === 0) throw new StartupError([setting], 'lists no key of the control log');
  return keys;
}

/** Opens a checkpoint note with any of the keys (after a change of key there are two). Throws NoteError. */
export function openControlCheckpoint(note: string, keys: readonly VerifierKey[]): Checkpoint {
  for (const key of keys) {
    try {
      return openCheckpoint(note, key);
    } catch (error) {
      if (!(error instanceof NoteError)) throw error;
    }
  }
  throw new NoteError('unsigned', 'no listed key signed the control log');
}
