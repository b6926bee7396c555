import type { Pool } from 'pg';
import { assertDatabaseRole, type ExpectedDatabase } from './database-role.ts';
import { StartupError } from './startup-error.ts';

const EVERY_MS = 60_000;

/**
 * Asserts the role and the durability of the database every minute: what was true at the start may be changed
 * under a running service. A fault goes to `stop`, once; a database that is away is the readiness check's
 * matter. Returns what ends the watch.
 */
export function watchDatabaseRole(
  pool: Pool,
  expected: ExpectedDatabase,
  { stop, everyMs = EVERY_MS }: { stop: (fault: StartupError) => void; everyMs?: number },
): () => void {
  const timer = setInterval(() => void look(), everyMs).unref();
  let ended = false;
  const end = (): void => {
    ended = true;
    clearInterval(timer);
  };
  async function look(): Promise<void> {
    try {
      await assertDatabaseRole(pool, expected);
    } catch (error) {
      // On a slow database looks overlap, and each of them finds the fault.
      if (ended || !(error instanceof StartupError)) return;
      end();
      stop(error);
    }
  }
  return end;
}
