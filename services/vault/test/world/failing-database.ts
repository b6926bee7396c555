import { setTimeout as pause } from 'node:timers/promises';
import { startFaultyProxy } from '@mnv/testing';
import type { FaultyProxy } from '@mnv/testing';

/** The two ways a connection dies during a write: before the server heard all of it, or before we heard the end. */
export const DIRECTIONS = ['to-server', 'to-client'] as const;

/** A proxy before the database of a connection string. */
export async function startFailingDatabase(
  dsn: string,
): Promise<{ proxy: FaultyProxy; dsn: string }> {
  const { hostname, port } = new URL(dsn);
  const proxy = await startFaultyProxy({ host: hostname, port: Number(port) });
  return { proxy, dsn: proxy.through(dsn) };
}

/** For the pool to hear that its idle connections are gone, so that every attempt begins by connecting. */
const NOTICE_MS = 15;
const STEP = 601;
/** Smaller than the two messages that answer a COMMIT. */
const FINE_STEP = 13;

/**
 * Does the work again and again, its database connection dying a little later each time, until it is done
 * before the connection dies; then once more through the last bytes, to die between the effect and its
 * answer. `attempt` answers whether it was done. Answers how often it was not.
 */
export async function dieLaterEachTime(
  proxy: FaultyProxy,
  direction: (typeof DIRECTIONS)[number],
  attempt: () => Promise<boolean>,
): Promise<number> {
  const dieAfter = async (bytes: number) => {
    proxy.reset();
    await pause(NOTICE_MS);
    proxy.dropAfter(direction, bytes);
    const done = await attempt();
    proxy.heal();
    return done;
  };
  let deaths = 0;
  let budget = 1;
  for (; !(await dieAfter(budget)); budget += STEP) deaths += 1;
  // A server that did not hear the end does nothing: only what we do not hear can be done.
  if (direction === 'to-server') return deaths;
  for (let fine = budget - STEP; fine < budget; fine += FINE_STEP)
    deaths += (await dieAfter(fine)) ? 0 : 1;
  return deaths;
}
