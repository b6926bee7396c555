import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections (32768 and above on Linux): one of those is taken as
 * soon as anybody connects to something, between the choice here and its use, or while a service is started again.
 */
const FIRST = 10_000;
const END = 32_768;
/** Each process chooses from a block of its own, so that two of them do not choose the same at the same moment. */
const BLOCK = 64;
const BLOCKS = Math.floor((END - FIRST) / BLOCK);

const given = new Set<number>();

/** A loopback port that nobody listens on, and that this process was not given before as long as there are others. */
export async function freePort(): Promise<number> {
  const base = FIRST + (process.pid % BLOCKS) * BLOCK;
  const start = randomInt(BLOCK);
  for (let step = 0; step < 2 * BLOCK; step += 1) {
    if (step === BLOCK) given.clear();
    const port = base + ((start + step) % BLOCK);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFreePort(port)) return port;
  }
  throw new Error('no port is free');
}

/** Whether nobody listens on a loopback port. */
export function isFreePort(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
