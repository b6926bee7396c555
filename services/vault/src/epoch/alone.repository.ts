import type { Pool } from 'pg';

/** Any number that no other advisory lock of this database uses. */
const EPOCH_LOCK = 7_401_003;

/**
 * Does work while no other instance does; answers false when one does. The lock is the session's and ends with
 * it: work that goes on after a lost session is stopped by its fence.
 */
export async function alone(pool: Pool, work: () => Promise<void>): Promise<boolean> {
  const client = await pool.connect();
  let sound = false;
  try {
    const lock = { text: 'select pg_try_advisory_lock($1) as taken', values: [EPOCH_LOCK] };
    const { rows } = await client.query<{ taken: boolean }>(lock);
    const taken = rows[0]?.taken === true;
    if (taken) {
      await work();
      await client.query({ text: 'select pg_advisory_unlock($1)', values: [EPOCH_LOCK] });
    }
    sound = true;
    return taken;
  } finally {
    // A session in doubt ends, and its lock with it.
    client.release(!sound);
  }
}
