import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import {
  type Answer,
  ASSERTION_TYPE,
  clientAssertion,
  type IdentityWorld,
  send,
  startIdentityWorld,
} from './identity-world.ts';

const REDIRECT = 'https://localhost:9/cb';

let world: IdentityWorld;
let jar: Map<string, string>;
beforeAll(async () => {
  world = await startIdentityWorld();
});
beforeEach(() => {
  jar = new Map();
});
afterAll(() => world.provider.stop());

/** A browser: keeps cookies, shows no client certificate. */
async function browse(path: string, form?: Record<string, string>): Promise<Answer> {
  const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
  const answer = await send({
    url: new URL(path, world.provider.issuer).href,
    ca: world.authority.ca,
    headers: { cookie, accept: 'text/html' },
    ...(form === undefined ? {} : { form }),
  });
  for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
    const [pair = ''] = line.split(';');
    const at = pair.indexOf('=');
    jar.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return answer;
}

const locationOf = (answer: Answer) => String(answer.headers['location'] ?? '');

function authorizationPath(verifier: string, changed: Record<string, string> = {}): string {
  const query = new URLSearchParams({
    client_id: 'console',
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'openid report:read number:read',
    resource: 'urn:mynumber-vault',
    state: 'a-state',
    tenant: 't-002',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changed,
  });
  return `/auth?${query.toString()}`;
}

async function openForm(path: string): Promise<{ action: string; page: Answer }> {
  const redirected = await browse(path);
  const action = new URL(locationOf(redirected), world.provider.issuer).pathname;
  return { action, page: await browse(action) };
}

/** Follows the provider's own redirects; answers the address at the client. */
async function follow(answer: Answer): Promise<URL> {
  const location = locationOf(answer);
  if (location.startsWith(REDIRECT)) return new URL(location);
  if (location === '') throw new Error(`no redirect: ${answer.status} ${answer.text}`);
  return follow(await browse(location));
}

async function signIn(name: string, changed: Record<string, string> = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const { action } = await openForm(authorizationPath(verifier, changed));
  const answer = await browse(action, { name, password: `password of ${name}` });
  return { verifier, back: await follow(answer) };
}

async function redeem(code: string, verifier: string, certified = world.certificates.console) {
  const { provider, authority, clientKeys } = world;
  return send({
    url: provider.tokenEndpoint,
    ca: authority.ca,
    certified,
    form: {
      client_id: 'console',
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: await clientAssertion({
        clientId: 'console',
        keys: clientKeys.console,
        issuer: provider.issuer,
      }),
      grant_type: 'authorization_code',
      redirect_uri: REDIRECT,
      code_verifier: verifier,
      code,
    },
  });
}

describe('a person who signs in with a browser', () => {
  it('sees a Japanese page that names the application and the tenant, and cannot be framed', async () => {
    const { page } = await openForm(authorizationPath('v'.repeat(43)));
    expect(page.status).toBe(200);
    expect(page.text).toContain('lang="ja"');
    expect(page.text).toContain('console');
    expect(page.text).toContain('t-002');
    expect(page.headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(page.headers['cache-control']).toBe('no-store');
  });

  it('lets the console get a token with the scopes their roles give, bound to its certificate', async () => {
    const { verifier, back } = await signIn('ryo');
    expect(back.searchParams.get('state')).toBe('a-state');
    const answer = await redeem(back.searchParams.get('code') ?? '', verifier);
    const { access_token: token } = JSON.parse(answer.text) as { access_token: string };
    const now = Math.floor(Date.now() / 1000);
    const claims = decodeJwt(token);
    expect(claims).toMatchObject({
      sub: 'sub-ryo',
      client_id: 'console',
      aud: 'mynumber-vault',
      tenant: 't-002',
      scope: 'report:read',
      amr: ['pwd'],
      acr: 'urn:mynumber-vault:acr:password',
      cnf: { 'x5t#S256': world.certificates.console.x5t },
    });
    expect(Math.abs(Number(claims['auth_time']) - now)).toBeLessThan(10);
    expect(claims).not.toHaveProperty('act');
    expect(answer.text).not.toContain('refresh_token');
  });

  it('must sign in again for every token: no session is taken over', async () => {
    await signIn('both', { tenant: 't-001' });
    const { page } = await openForm(authorizationPath('v'.repeat(43), { tenant: 't-002' }));
    expect(page.text).toContain('<form');
    const silent = await browse(authorizationPath('v'.repeat(43), { prompt: 'none' }));
    expect(locationOf(silent)).toContain('error=login_required');
  });

  it('is sent back with access_denied for a tenant that is not theirs', async () => {
    const { back } = await signIn('hana', { tenant: 't-002' });
    expect(back.searchParams.get('error')).toBe('access_denied');
    expect(back.searchParams.get('code')).toBeNull();
  });
});

describe('a wrong name or password', () => {
  it('gets the form again, the same for both, and no code', async () => {
    const { action } = await openForm(authorizationPath('v'.repeat(43)));
    const wrong = await browse(action, { name: 'hana', password: 'password of ryo' });
    const unknown = await browse(action, { name: 'nobody', password: 'x' });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(wrong.text).toBe(unknown.text);
    expect(locationOf(wrong)).toBe('');
  });

  it('is answered without a look after five failures in a row, even when right', async () => {
    const { action } = await openForm(authorizationPath('v'.repeat(43)));
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await browse(action, { name: 'root', password: `guess ${attempt}` });
    }
    const right = await browse(action, { name: 'root', password: 'password of root' });
    expect(right.status).toBe(401);
    expect(right.text).toContain('1分');
  });

  it('cannot be tried without the cookie of the sign-in it belongs to', async () => {
    const { action } = await openForm(authorizationPath('v'.repeat(43)));
    jar.clear();
    const answer = await browse(action, { name: 'both', password: 'password of both' });
    expect(answer.status).toBe(400);
  });
});

describe('a request that would weaken the code flow', () => {
  const refusedAt = async (changed: Record<string, string>) => {
    const answer = await browse(authorizationPath('v'.repeat(43), changed));
    return new URL(locationOf(answer)).searchParams.get('error');
  };

  it('is refused with a plain challenge, without one, or with another response type', async () => {
    expect(await refusedAt({ code_challenge_method: 'plain' })).toBe('invalid_request');
    expect(await refusedAt({ code_challenge: '', code_challenge_method: '' })).toBe(
      'invalid_request',
    );
    const mixed = await browse(
      authorizationPath('v'.repeat(43), { response_type: 'code id_token' }),
    );
    expect(locationOf(mixed)).toContain('error=');
    expect(locationOf(mixed)).not.toContain('code=');
  });

  it('is not sent to an address the client never registered', async () => {
    const path = authorizationPath('v'.repeat(43), { redirect_uri: 'https://localhost:9/other' });
    const answer = await browse(path);
    expect(answer.status).toBe(400);
    expect(locationOf(answer)).toBe('');
  });

  it('is refused with another verifier, a code used before, or the certificate of another client', async () => {
    const one = await signIn('ryo');
    const code = one.back.searchParams.get('code') ?? '';
    expect((await redeem(code, 'w'.repeat(43))).status).toBe(400);
    const two = await signIn('ryo');
    const second = two.back.searchParams.get('code') ?? '';
    expect((await redeem(second, two.verifier, world.certificates.payroll)).status).toBe(400);
    expect((await redeem(second, two.verifier)).status).toBe(200);
    expect((await redeem(second, two.verifier)).status).toBe(400);
  });
});
