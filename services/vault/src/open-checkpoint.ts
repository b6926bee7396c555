import type { VerifierKey } from '@mnv/transparency-log';
import { openCheckpoint } from '@mnv/transparency-log';
import { Refusal } from '@mnv/core';
import type { LogHead } from './log-history.ts';

const REMEMBERED = 1_000;

export type OpenCheckpoint = (presented: { log: string; checkpoint: string }) => LogHead;

/**
 * Opens the signed tree head of a ticket with the keys the trust policy has for its log (after a change of
 * key there are two). Each checkpoint is verified once: many tickets share one.
 * The opener throws Refusal `not-permitted`.
 */
export function makeOpenCheckpoint(
  verifierKeysOf: (origin: string) => readonly VerifierKey[],
): OpenCheckpoint {
  const opened = new Map<string, LogHead>();
  return ({ log, checkpoint }) => {
    const name = `${log}\n${checkpoint}`;
    const head = opened.get(name) ?? openWithAny(checkpoint, verifierKeysOf(log));
    if (opened.size >= REMEMBERED) opened.clear();
    opened.set(name, head);
    return head;
  };
}

function openWithAny(checkpoint: string, keys: readonly VerifierKey[]): LogHead {
  for (const key of keys) {
    try {
      const { size, root } = openCheckpoint(checkpoint, key);
      return { size, root };
    } catch {
      // Told apart for nobody: a checkpoint that does not open proves nothing.
    }
  }
  throw new Refusal('not-permitted', 'The checkpoint is not one of this log.');
}
