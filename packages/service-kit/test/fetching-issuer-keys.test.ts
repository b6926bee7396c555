import { type Server, createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { RequestListener } from 'node:http';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTokenVerifier } from '../src/index.ts';
import type { TlsMaterial, VerifyAccessToken } from '../src/index.ts';
import { materialOf, newAuthority } from './tls-parties.ts';
import {
  AUDIENCE,
  ISSUER,
  OURS,
  type SigningKey,
  clock,
  jwkOf,
  newKey,
  soundClaims,
  tokenOf,
} from './token-world.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

let material: TlsMaterial;
beforeAll(() => {
  material = materialOf(newAuthority(), { usage: 'server' });
});

let issuer: Server;
let port: number;
let fetches: number;
let answer: RequestListener;
let elapsed: number;
let verify: VerifyAccessToken;
const [first, second] = [newKey('key-1'), newKey('key-2')];
const someKeys = JSON.stringify({ keys: [jwkOf(second)] });
const fail: RequestListener = (_req, res) => res.writeHead(500).end(someKeys);

const publish = (...keys: SigningKey[]) => {
  answer = (_req, res) => res.end(JSON.stringify({ keys: keys.map(jwkOf) }));
};

beforeEach(async () => {
  [fetches, elapsed] = [0, 0];
  publish(first);
  await start();
  verify = verifierFor();
});
afterEach(stop);

async function start(): Promise<void> {
  const { certificate: cert, key } = material;
  issuer = createServer({ cert, key }, (req, res) => {
    fetches += 1;
    answer(req, res);
  });
  await new Promise<void>((resolve) => issuer.listen(port ?? 0, '127.0.0.1', resolve));
  ({ port } = issuer.address() as AddressInfo);
}

async function stop(): Promise<void> {
  issuer.closeAllConnections();
  await new Promise((resolve) => issuer.close(resolve));
}

const verifierFor = (ca = material.ca) =>
  createTokenVerifier({
    issuer: ISSUER,
    audience: AUDIENCE,
    jwksUri: `https://localhost:${port}/jwks`,
    ca,
    clock: clock.now,
    elapsed: () => elapsed,
  });

let lastId = 0;
/** A token nobody has seen yet. */
const tokenBy = (key: SigningKey) => tokenOf(key, { ...soundClaims(), jti: `id-${(lastId += 1)}` });
const isAccepted = (key: SigningKey) =>
  verify(tokenBy(key), OURS).then(
    () => true,
    (error: { code?: string }) => error.code,
  );

describe('the keys of the issuer', () => {
  it('are fetched once for many tokens', async () => {
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => isAccepted(first)));

    expect(new Set(outcomes)).toEqual(new Set([true]));
    expect(fetches).toBe(1);
  });

  it('are fetched again for a new key, at most every 30 seconds', async () => {
    await isAccepted(first);
    publish(first, second);

    expect(await isAccepted(second)).toBe('token-invalid');
    elapsed = 31 * SECOND;
    expect(await isAccepted(second)).toBe(true);
    expect(fetches).toBe(2);
  });

  it('are not asked for by a thousand made-up ids', async () => {
    await isAccepted(first);
    elapsed = 31 * SECOND;

    for (let at = 0; at < 1_000; at += 1) await isAccepted({ ...second, keyId: `made-up-${at}` });

    expect(fetches).toBe(2);
  });

  it('no longer serve once the issuer has withdrawn them', async () => {
    await isAccepted(first);
    publish(second);
    elapsed = 31 * SECOND;
    await isAccepted(second);

    expect(await isAccepted(first)).toBe('token-invalid');
  });

  it('serve for ten minutes while the issuer is down, and then nobody is let in', async () => {
    await isAccepted(first);
    await stop();

    for (elapsed of [6 * MINUTE, 9 * MINUTE]) expect(await isAccepted(first)).toBe(true);
    elapsed = 10 * MINUTE + SECOND;
    const late = await isAccepted(first);
    await start();

    expect(late).toBe('issuer-unavailable');
  });

  it('are unknown while the issuer was never reached, and found within seconds when it is', async () => {
    answer = fail;
    expect(await isAccepted(first)).toBe('issuer-unavailable');
    publish(first);
    expect(await isAccepted(first)).toBe('issuer-unavailable');
    expect(fetches).toBe(1);

    elapsed = 5 * SECOND;
    expect(await isAccepted(first)).toBe(true);
  });

  it.each<[string, RequestListener]>([
    ['an error', fail],
    ['a redirect', (_req, res) => res.writeHead(302, { location: '/other' }).end(someKeys)],
    ['no JSON', (_req, res) => res.end('<html>')],
    ['no key set', (_req, res) => res.end('{"keys":"none"}')],
    ['a member twice', (_req, res) => res.end('{"keys":[],"keys":[]}')],
    [
      'one id for two keys',
      (_req, res) =>
        res.end(JSON.stringify({ keys: [jwkOf(first), { ...jwkOf(second), kid: 'key-1' }] })),
    ],
    [
      'more than 64 kB',
      (_req, res) => res.end(JSON.stringify({ keys: [], note: 'x'.repeat(70_000) })),
    ],
  ])('stay the last sound ones when the issuer answers with %s', async (_what, bad) => {
    await isAccepted(first);
    answer = bad;
    elapsed = 31 * SECOND;
    expect(await isAccepted(second)).toBe('token-invalid');

    expect(await isAccepted(first)).toBe(true);
    expect(fetches).toBe(2);
  });

  it.each([
    ['for encryption', { use: 'enc' }],
    ['for another algorithm', { alg: 'ES384' }],
    ['that is private', { d: 'AAAA' }],
  ])('do not hold one %s', async (_what, change) => {
    answer = (_req, res) => res.end(JSON.stringify({ keys: [{ ...jwkOf(first), ...change }] }));

    expect(await isAccepted(first)).toBe('token-invalid');
  });

  it('are not taken from a server of another authority', async () => {
    verify = verifierFor(newAuthority().certificatePem);

    expect(await isAccepted(first)).toBe('issuer-unavailable');
    expect(fetches).toBe(0);
  });
});
