/**
 * Whether a deadline from now has passed by either clock: the monotonic one stands still in a machine that is
 * suspended, and the other one may be set back.
 */
export function deadlinePassed(deadlineMs: number): () => boolean {
  const [started, wall] = [performance.now(), Date.now()];
  return () => performance.now() - started > deadlineMs || Date.now() - wall > deadlineMs;
}
