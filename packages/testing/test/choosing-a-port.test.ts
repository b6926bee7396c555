import { describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import { freePort, isFreePort } from '../src/index.ts';

describe('a free port', () => {
  it('is another each time, also when many are asked for at once, and none that an outgoing connection gets', async () => {
    const ports = await Promise.all(Array.from({ length: 40 }, () => freePort()));
    expect(new Set(ports).size).toBe(40);
    for (const port of ports) {
      expect(port).toBeGreaterThan(9_999);
      expect(port).toBeLessThan(32_768);
    }
  });

  it('is one that nobody listens on, however often one is asked for', async () => {
    const server = createServer();
    const taken = await freePort();
    await new Promise<void>((resolve) => server.listen(taken, '127.0.0.1', resolve));
    expect(await isFreePort(taken)).toBe(false);
    for (let asked = 0; asked < 200; asked += 1) expect(await freePort()).not.toBe(taken);
    await new Promise((resolve) => server.close(resolve));
    expect(await isFreePort(taken)).toBe(true);
  });
});
