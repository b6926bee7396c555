import type { Clock } from '@mnv/core';

const FOLLOW_EVERY_MS = 60_000;
const AGAIN_AFTER_FAULT_MS = 10_000;
/** Between tries while the vault waits and is not content; doubles up to the time after a fault. */
const FIRST_TRY_MS = 1_000;

/**
 * Follows every minute, and at once when the vault waits for word: it has just begun, and releases nothing
 * until it has heard. One call is one look whether it is time.
 */
export function whenToFollow(deps: {
  vaultWaits(): Promise<boolean>;
  follow(): Promise<void>;
  clock: Clock;
}): () => Promise<void> {
  let dueAt = 0;
  let wantedAt = 0;
  let patienceMs = FIRST_TRY_MS;
  return async () => {
    const waits = await deps.vaultWaits();
    if (!waits) patienceMs = FIRST_TRY_MS;
    const now = deps.clock();
    if (now < dueAt && !(waits && now >= wantedAt)) return;
    dueAt = now + AGAIN_AFTER_FAULT_MS;
    wantedAt = now + patienceMs;
    patienceMs = Math.min(2 * patienceMs, AGAIN_AFTER_FAULT_MS);
    await deps.follow();
    dueAt = now + FOLLOW_EVERY_MS;
  };
}
