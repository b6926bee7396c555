import type { CryptoKey } from 'jose';
import { Refusal } from '@mnv/core';
import type { KeySet } from './key-set.ts';

const REFETCH_AFTER_MS = 300_000;
const SERVE_FOR_MS = 600_000;
const BETWEEN_FETCHES_MS = 30_000;
/** An issuer that is back is found within 10 s; one that is down is not asked by every request. */
const AFTER_FAILURE_MS = 5_000;

/** The key with an id, or undefined when the issuer has none. Throws Refusal `issuer-unavailable`. */
export type FindKey = (keyId: string) => Promise<CryptoKey | undefined>;

/**
 * Keeps the keys of the issuer. They are fetched again after 5 minutes in the background, and at once for an
 * unknown id, but never more often than every 30 s (5 s after a failure), so that made-up ids cannot make us a
 * hammer. While the issuer is down the last keys serve until they are 10 minutes old. `elapsed` is a monotonic
 * clock in ms.
 */
export function makeIssuerKeys(fetchKeys: () => Promise<KeySet>, elapsed: () => number): FindKey {
  let keys: KeySet | undefined;
  let fetchedAt = -Infinity;
  let nextFetchAt = -Infinity;
  let fetching: Promise<void> | undefined;

  async function fetchOnce(): Promise<void> {
    const startedAt = elapsed();
    try {
      keys = await fetchKeys();
      fetchedAt = elapsed();
      nextFetchAt = startedAt + BETWEEN_FETCHES_MS;
    } catch {
      nextFetchAt = startedAt + AFTER_FAILURE_MS;
      // Whatever was wrong: the keys at hand serve until they are too old, and then nobody is let in.
    } finally {
      fetching = undefined;
    }
  }

  function refresh(): Promise<void> {
    if (fetching === undefined && elapsed() >= nextFetchAt) fetching = fetchOnce();
    return fetching ?? Promise.resolve();
  }

  return async (keyId) => {
    const age = elapsed() - fetchedAt;
    const known = keys?.get(keyId);
    if (known === undefined || age > SERVE_FOR_MS) await refresh();
    else if (age > REFETCH_AFTER_MS) void refresh();
    if (keys === undefined || elapsed() - fetchedAt > SERVE_FOR_MS) {
      throw new Refusal('issuer-unavailable', 'The keys of the issuer are not known. Try again.');
    }
    return keys.get(keyId);
  };
}
