import type { Clock } from '@mnv/core';
import type { VaultFacts } from '@mnv/service-kit';

const FOLLOW_EVERY_MS = 60_000;
const AGAIN_AFTER_FAULT_MS = 10_000;
/** Between looks at a log that grows, or tries with a vault that is not content; doubles while it is not. */
const FIRST_TRY_MS = 1_000;

/**
 * Follows every minute, soon after the log grew, and at once when the vault waits for word: it has just begun,
 * and releases nothing until it has heard. One call is one look whether it is time.
 */
export function whenToFollow(deps: {
  look(): Promise<VaultFacts | undefined>;
  follow(): Promise<void>;
  clock: Clock;
}): () => Promise<void> {
  let dueAt = 0;
  let wantedAt = 0;
  let patienceMs = FIRST_TRY_MS;
  let followedSize: number | undefined;
  return async () => {
    const vault = await deps.look();
    if (!vault?.waits) patienceMs = FIRST_TRY_MS;
    const isWanted = vault !== undefined && (vault.waits || vault.size !== followedSize);
    const now = deps.clock();
    if (now < dueAt && !(isWanted && now >= wantedAt)) return;
    dueAt = now + AGAIN_AFTER_FAULT_MS;
    wantedAt = now + patienceMs;
    patienceMs = Math.min(2 * patienceMs, AGAIN_AFTER_FAULT_MS);
    await deps.follow();
    dueAt = now + FOLLOW_EVERY_MS;
    followedSize = vault?.size;
  };
}
