const FREE_FAILURES = 5;
const PAUSE_MS = 60_000;

type Failures = { count: number; last: number };

/**
 * After five wrong passwords in a row a name rests for a minute. Unknown names share one count, so
 * that guessing names does not fill the memory.
 */
export function createSignInThrottle(now: () => number) {
  const failures = new Map<string, Failures>();
  return {
    rests: (name: string): boolean => {
      const found = failures.get(name);
      return found !== undefined && found.count >= FREE_FAILURES && now() - found.last < PAUSE_MS;
    },
    failed: (name: string): void => {
      const found = failures.get(name);
      const stale = found === undefined || now() - found.last >= PAUSE_MS;
      failures.set(name, { count: stale ? 1 : found.count + 1, last: now() });
    },
    succeeded: (name: string): void => void failures.delete(name),
  };
}

export type SignInThrottle = ReturnType<typeof createSignInThrottle>;
