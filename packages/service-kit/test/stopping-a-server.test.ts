import { once } from 'node:events';
import type { Agent } from 'node:https';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createMutualServer } from '../src/index.ts';
import type { MutualServer, TlsMaterial } from '../src/index.ts';
import { agentOf, fixedIdentity, get, materialOf, newAuthority } from './tls-parties.ts';

const FOREVER_MS = 60_000;

let material: TlsMaterial;
beforeAll(() => {
  material = materialOf(newAuthority());
});

let server: MutualServer;
let port: number;
let agent: Agent;
let begun: PromiseWithResolvers<void>;
let mayAnswer: PromiseWithResolvers<void>;
beforeEach(async () => {
  [begun, mayAnswer] = [Promise.withResolvers(), Promise.withResolvers()];
  agent = agentOf(material);
  server = createMutualServer({
    identity: fixedIdentity(material),
    app: (req, res) => {
      if (req.url === '/') return void res.end('done');
      begun.resolve();
      void mayAnswer.promise.then(() => res.end('done'));
    },
    peers: ['spiffe://test/client/payroll'],
    requirePeer: 'always',
    port: 0,
  });
  port = await server.listen();
});
afterEach(async () => {
  agent.destroy();
  await server.close(0).catch(() => undefined);
});

describe('stopping a server', () => {
  it('answers what was begun, and then ends although its clients keep their connections', async () => {
    await get(agent, port);
    const answer = get(agent, port, '/slow');
    await begun.promise;

    const closed = server.close(FOREVER_MS);
    mayAnswer.resolve();

    expect((await answer).body).toBe('done');
    await closed;
  });

  it('takes no new connection', async () => {
    const answer = get(agent, port, '/slow');
    await begun.promise;
    const closed = server.close(FOREVER_MS);
    const late = agentOf(material);

    await expect(get(late, port)).rejects.toThrow('ECONNREFUSED');

    mayAnswer.resolve();
    await Promise.all([answer, closed]);
  });

  it('does not wait for a connection on which nothing was asked', async () => {
    const { certificate: cert, key, ca } = material;
    const silent = connectTls({ port, host: 'localhost', cert, key, ca });
    silent.on('error', () => undefined).resume();
    await once(silent, 'session'); // the handshake is over on both sides
    const ended = once(silent, 'close');

    await server.close(FOREVER_MS);

    await ended;
    expect(silent.destroyed).toBe(true);
  });

  it('cuts what is not done when the grace is over', async () => {
    const answer = get(agent, port, '/slow');
    await begun.promise;
    const fault = answer.catch((error: Error) => error.message);

    await server.close(10);

    expect(await fault).toBe('socket hang up');
  });
});
