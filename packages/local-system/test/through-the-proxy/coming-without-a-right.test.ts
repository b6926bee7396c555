import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JWTPayload } from 'jose';
import { newRecord } from '../command-line/new-record.ts';
import type { Sent, World } from './world.ts';
import { startWorld } from './world.ts';

const T = '/v1/tenants/t-001';
let world: World;
let recordId: string;
let token: string;

beforeAll(async () => {
  world = await startWorld();
  ({ recordId } = await world.as('operator-1').storeRecord(newRecord('E-1')));
  token = await world.tokenOf('operator-1');
});
afterAll(() => world.stop());

const now = () => Math.floor(Date.now() / 1000);

async function refusal(sent: Sent): Promise<[number, string]> {
  const got = await world.send(sent);
  return [got.status, world.codeOf(got)];
}

type Document = {
  paths: Record<string, Record<string, { security?: object[]; requestBody?: object }>>;
};
type Route = { path: string; method: string; open: boolean; takesBody: boolean };

async function describedRoutes(): Promise<Route[]> {
  const { json } = await world.send({ path: '/openapi.json' });
  return Object.entries((json as Document).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security, requestBody }]) => ({
      path,
      method: method.toUpperCase(),
      open: security !== undefined,
      takesBody: requestBody !== undefined,
    })),
  );
}

const filledIn = (path: string) =>
  path
    .replace('{tenantId}', 't-001')
    .replace('{recordId}', recordId)
    .replace('{path}', 'tile/0/000');

const asDescribed = (path: string) =>
  path.replaceAll(/[:*]([a-zA-Z]+)/g, (_, name: string) => `{${name}}`);

describe('coming without a right', () => {
  it.each<[string, (token: string) => Promise<string> | string]>([
    ['expired', (text) => world.reissued(text, { iat: now() - 400, exp: now() - 100 })],
    ['for a long life', (text) => world.reissued(text, { exp: now() + 3_600 })],
    ['for another audience', (text) => world.reissued(text, { aud: 'another' })],
    ['of another issuer', (text) => world.reissued(text, { iss: 'https://localhost:1' })],
    ['not bound to a certificate', (text) => world.reissued(text, { cnf: undefined })],
    [
      'bound to another certificate',
      (text) => world.reissued(text, { cnf: { 'x5t#S256': 'A'.repeat(43) } }),
    ],
    [
      'for two tenants',
      (text) => world.reissued(text, { tenant: ['t-001', 't-002'] } as JWTPayload),
    ],
    [
      'with a name that looks like a number',
      (text) => world.reissued(text, { sub: newRecord('x').individualNumber }),
    ],
    ['altered', (text) => `${text.slice(0, -4)}AAAA`],
    ['far too long', (text) => `${text}${'A'.repeat(9_000)}`],
    ['no token at all', () => 'none'],
  ])('a token %s is refused, and noted in the log of the operator company', async (_what, made) => {
    const before = (await world.entriesOf('operator')).length;
    const hostile = await made(token);
    expect(await refusal({ path: `${T}/records/${recordId}`, token: hostile })).toEqual([
      401,
      'token-invalid',
    ]);
    const [entry] = await world.entriesSince(before, 1, 'operator');
    expect(entry).toMatchObject({
      k: 'deny',
      op: 'authenticate',
      dec: 'deny:token-invalid',
      sub: '',
    });
  });

  it('a token shown over another certificate is refused', async () => {
    const sent = { path: `${T}/records/${recordId}`, token, as: 'administration' };
    expect(await refusal(sent)).toEqual([401, 'token-invalid']);
  });

  it('a sound token that was altered nowhere is let in', async () => {
    const same = await world.reissued(token, {});
    expect((await world.send({ path: `${T}/records/${recordId}`, token: same })).status).toBe(200);
  });

  it('every route that is described exists, and asks for a token before anything else', async () => {
    const routes = await describedRoutes();
    expect(routes.length).toBeGreaterThan(17);
    for (const { path, method, open, takesBody } of routes) {
      const sent = {
        path: filledIn(path),
        method,
        as: 'service-vault',
        ...(takesBody && { body: '{' }),
      };
      const got = await world.send(sent);
      if (open) expect([path, got.status]).toEqual([path, 200]);
      else expect([path, got.status, world.codeOf(got)]).toEqual([path, 401, 'token-required']);
      const unknown = await world.send({ ...sent, token, as: 'payroll' });
      // A route that is not there answers that there is nothing at this path.
      expect([path, unknown.text]).toEqual([
        path,
        expect.not.stringContaining('nothing at this path'),
      ]);
    }
  });

  it('no route is written that is not described', async () => {
    const described = new Set(
      (await describedRoutes()).map(({ path, method }) => `${method} ${path}`),
    );
    const source = fileURLToPath(
      new URL('../../../../services/access-proxy/src/', import.meta.url),
    );
    const written = readdirSync(source, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => [
        ...readFileSync(join(source, file), 'utf8').matchAll(
          /\.(get|post|all|use)\(\s*'(\/v1[^']*)'/g,
        ),
      ])
      .map(([, method = '', path = '']) => [method.toUpperCase(), asDescribed(path)].join(' '));
    expect(written.length).toBeGreaterThan(14);
    expect(written.filter((route) => !described.has(route))).toEqual([]);
  });

  it('unknown methods are refused on every path', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE', 'OPTIONS']) {
      const got = await world.send({ path: `${T}/records`, method, token });
      expect([method, got.status, got.headers.allow]).toEqual([method, 405, 'GET, HEAD, POST']);
    }
  });

  it('an administrator of nothing leaves a trace with every attempt', async () => {
    const bodies: Record<string, object> = {
      '/v1/tenants': { tenantId: 't-777', name: 'x' },
      '/v1/operators': { subject: 's', name: 'x' },
      [`${T}/assignments`]: { subject: 's', purposes: ['TAX-WITHHOLD'], from: '2026-01-01' },
      '/v1/training': {
        subject: 's',
        course: 'c',
        completedOn: '2026-01-01',
        expiresOn: '2027-01-01',
      },
    };
    for (const [path, body] of Object.entries(bodies)) {
      const before = (await world.entriesOf('t-001')).length;
      expect(await refusal({ path, body, token })).toEqual([403, 'scope-missing']);
      const [entry] = await world.entriesSince(before, 1);
      expect(entry).toMatchObject({
        k: 'deny',
        dec: 'deny:scope-missing',
        sub: world.subjectOf('operator-1'),
      });
    }
    expect(await refusal({ path: '/v1/tenants', token })).toEqual([403, 'scope-missing']);
    const foreign = await world.reissued(token, { scope: 'admin' });
    expect(await refusal({ path: '/v1/tenants', token: foreign })).toEqual([403, 'not-permitted']);
  });

  it('a tenant cannot be registered again under another name', async () => {
    const admin = world.as('administrator-1', 'operator', 'administration').administration;
    const [tenant] = await admin.listTenants();
    await expect(
      admin.createTenant({ tenantId: tenant!.tenantId, name: 'another' }),
    ).rejects.toMatchObject({
      code: 'tenant-exists',
    });
  });

  it('nobody is registered as trained on a day to come', async () => {
    const admin = world.as('administrator-1', 'operator', 'administration').administration;
    const training = { subject: world.subjectOf('operator-1'), course: '研修' };
    const days = { completedOn: '2998-04-01', expiresOn: '2999-03-31' };
    await expect(admin.addTraining({ ...training, ...days })).rejects.toMatchObject({
      code: 'invalid-request',
      detail: expect.stringContaining('a day until today'),
    });
  });

  it('a flood of attempts leaves sixty entries and no more', async () => {
    const before = (await world.entriesOf('operator')).length;
    for (let at = 0; at < 75; at += 1)
      await world.send({ path: `${T}/records/${randomUUID()}`, token: 'none' });
    const noted = (await world.entriesOf('operator')).slice(before).length;
    expect(noted).toBeLessThanOrEqual(60);
    expect((await world.entriesOf('operator')).length).toBeGreaterThanOrEqual(60);
  });
});
