import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from './problem-error.ts';
import { TransportError } from './transport-error.ts';

export type RetryPolicy = {
  /** Tries in all, the first included. */
  attempts: number;
  firstDelayMs: number;
  longestDelayMs: number;
};

export const DEFAULT_RETRY: RetryPolicy = {
  attempts: 6,
  firstDelayMs: 100,
  longestDelayMs: 10_000,
};

const BUSY = new Set(['overloaded', 'too-many-requests', 'log-unavailable', 'vault-restoring']);

/**
 * Whether sending the same request with the same idempotency key may help: the effect cannot double, so
 * a lost answer counts as well.
 */
export function mayRepeatIdempotently(error: unknown): boolean {
  if (error instanceof TransportError) {
    return error.code === 'unreachable' || error.code === 'outcome-unknown';
  }
  return (
    error instanceof ProblemError &&
    (error.status === 503 || error.status === 429 || error.code === 'idempotency-in-flight')
  );
}

/**
 * Whether a disclosure may be asked for again, as a new request with its own entry. Only when it is certain
 * that no number was released: never sent, turned away before the vault was asked, or not entered in the log.
 * After a lost answer, a deadline or a silent vault a number may be out; whoever asked must decide.
 */
export function mayAskAgain(error: unknown): boolean {
  if (error instanceof TransportError) return error.code === 'unreachable';
  return error instanceof ProblemError && BUSY.has(error.code);
}

/** Milliseconds before try `attempt + 1` (attempts count from 1): the server's wish, or full jitter. */
export function delayBefore(
  policy: RetryPolicy,
  failed: { attempt: number; error: unknown; random: number },
): number {
  const wished = failed.error instanceof ProblemError ? failed.error.retryAfter : undefined;
  const ceiling = Math.min(policy.longestDelayMs, policy.firstDelayMs * 2 ** failed.attempt);
  const jittered = Math.round(ceiling * (0.5 + failed.random / 2));
  return wished === undefined ? jittered : Math.min(wished * 1000 + jittered, 60_000);
}

/** Runs `work` until it succeeds, its error may not be repeated, or the attempts are used up. */
export async function repeating<T>(
  policy: RetryPolicy,
  mayRepeat: (error: unknown) => boolean,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= policy.attempts || !mayRepeat(error)) throw error;
      await sleep(delayBefore(policy, { attempt, error, random: randomInt(1024) / 1024 }));
    }
  }
}
