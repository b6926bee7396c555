import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose';
import {
  type Answer,
  ASSERTION_TYPE,
  clientAssertion,
  createTestAuthority,
  EXCHANGE,
  type IdentityWorld,
  JWT_TYPE,
  newKeys,
  send,
  startIdentityWorld,
  subjectToken,
} from './identity-world.ts';

type PersonName = keyof IdentityWorld['personKeys'];
type Form = Record<string, string>;

let world: IdentityWorld;
beforeAll(async () => {
  world = await startIdentityWorld();
});
afterAll(() => world.provider.stop());

function post(
  form: Form,
  certified = world.certificates.payroll as typeof world.certificates.payroll | undefined,
) {
  const { provider, authority } = world;
  return send({ url: provider.tokenEndpoint, ca: authority.ca, form, certified });
}

async function authenticated(clientId: 'payroll' | 'console' = 'payroll'): Promise<Form> {
  const { clientKeys, provider } = world;
  return {
    client_id: clientId,
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: await clientAssertion({
      clientId,
      keys: clientKeys[clientId],
      issuer: provider.issuer,
    }),
  };
}

async function exchange(
  name: PersonName,
  changed: Form = {},
  claims: Record<string, unknown> = {},
) {
  const { personKeys, provider } = world;
  return post({
    ...(await authenticated()),
    grant_type: EXCHANGE,
    subject_token: await subjectToken(
      { sub: `sub-${name}`, keys: personKeys[name], issuer: provider.issuer },
      claims,
    ),
    subject_token_type: JWT_TYPE,
    ...changed,
  });
}

const hanasToken = () =>
  subjectToken({ sub: 'sub-hana', keys: world.personKeys.hana, issuer: world.provider.issuer });

const own = async (changed: Form = {}) =>
  post({
    ...(await authenticated()),
    grant_type: 'client_credentials',
    tenant: 't-001',
    ...changed,
  });

function bodyOf(answer: Answer): Record<string, unknown> {
  return JSON.parse(answer.text) as Record<string, unknown>;
}

function tokenOf(answer: Answer): string {
  const { access_token: token } = bodyOf(answer);
  if (typeof token !== 'string') throw new Error(`no token: ${answer.status} ${answer.text}`);
  return token;
}

const refusal = (answer: Answer) => ({ status: answer.status, error: bodyOf(answer)['error'] });

async function publishedKeys() {
  const { provider, authority } = world;
  const answer = await send({ url: provider.jwksUri, ca: authority.ca });
  return createLocalJWKSet(JSON.parse(answer.text) as JSONWebKeySet);
}

describe('a person who lets the payroll client act for them', () => {
  it('gets an access token of RFC 9068 with the person as sub and the client as act', async () => {
    const token = tokenOf(await exchange('hana', { scope: 'number:read' }));
    const { payload, protectedHeader } = await jwtVerify(token, await publishedKeys(), {
      issuer: world.provider.issuer,
      audience: 'mynumber-vault',
      typ: 'at+jwt',
      algorithms: ['ES256'],
    });
    expect(protectedHeader.alg).toBe('ES256');
    expect(payload).toEqual({
      iss: world.provider.issuer,
      aud: 'mynumber-vault',
      sub: 'sub-hana',
      client_id: 'payroll',
      scope: 'number:read',
      tenant: 't-001',
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.any(String),
      cnf: { 'x5t#S256': world.certificates.payroll.x5t },
      auth_time: expect.any(Number),
      amr: ['swk'],
      acr: 'urn:mynumber-vault:acr:sign-in-key',
      act: { sub: 'payroll' },
    });
    expect(payload.exp! - payload.iat!).toBe(300);
    expect(token.length).toBeLessThan(8192);
  });

  it('never publishes the private half of its signing key', async () => {
    const { provider, authority } = world;
    const { text } = await send({ url: provider.jwksUri, ca: authority.ca });
    expect(text).toContain('"x"');
    expect(text).not.toContain('"d"');
  });

  it('gives all scopes of the roles when none is named, and no other', async () => {
    expect(bodyOf(await exchange('ryo'))['scope']).toBe('report:read log:read disposal:approve');
    expect(refusal(await exchange('ryo', { scope: 'number:read' }))).toEqual({
      status: 400,
      error: 'invalid_scope',
    });
    expect(refusal(await exchange('hana', { scope: 'number:read admin' }))).toEqual({
      status: 400,
      error: 'invalid_scope',
    });
  });

  it('gives each tenant of the person its own token, and no tenant beyond them', async () => {
    const first = decodeJwt(tokenOf(await exchange('both', { tenant: 't-001' })));
    const second = decodeJwt(tokenOf(await exchange('both', { tenant: 't-002' })));
    expect([first['tenant'], second['tenant']]).toEqual(['t-001', 't-002']);
    expect(refusal(await exchange('hana', { tenant: 't-002' })).error).toBe('invalid_target');
    expect(refusal(await exchange('both')).error).toBe('invalid_request');
    expect(refusal(await exchange('both', { tenant: 't-001 t-002' })).error).toBe(
      'invalid_request',
    );
  });

  it('refuses a tenant of the person that is none of the client', async () => {
    expect(refusal(await exchange('root', { tenant: 'operator' })).error).toBe('invalid_target');
  });

  it('takes a subject token once only', async () => {
    const token = await hanasToken();
    const first = await exchange('hana', { subject_token: token });
    const second = await exchange('hana', { subject_token: token });
    expect(first.status).toBe(200);
    expect(refusal(second)).toEqual({ status: 400, error: 'invalid_grant' });
  });

  const now = () => Math.floor(Date.now() / 1000);
  it.each([
    ['for another audience', () => ({ aud: 'https://elsewhere.test' })],
    ['for two audiences', () => ({ aud: [world.provider.issuer, 'https://elsewhere.test'] })],
    ['that lives longer than a minute', () => ({ exp: now() + 90 })],
    ['that has expired', () => ({ iat: now() - 90, exp: now() - 30 })],
    ['from the future', () => ({ iat: now() + 40, exp: now() + 90 })],
    ['without an expiry', () => ({ exp: undefined })],
    ['without a jti', () => ({ jti: undefined })],
    ['of nobody', () => ({ sub: 'sub-nobody' })],
    ['of somebody else', () => ({ sub: 'sub-both' })],
  ])('refuses a subject token %s', async (_which, claims) => {
    expect(refusal(await exchange('hana', {}, claims()))).toEqual({
      status: 400,
      error: 'invalid_grant',
    });
  });

  it('refuses a subject token that is not signed, or not one at all', async () => {
    const signed = await hanasToken();
    const [, payload] = signed.split('.');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    for (const token of [none, 'x', 'a.b.c', `${signed.slice(0, -6)}AAAAAA`]) {
      expect(refusal(await exchange('hana', { subject_token: token })).error).toBe('invalid_grant');
    }
  });

  it.each([
    ['another kind of subject token', { subject_token_type: 'urn:x' }, 'invalid_request'],
    ['another kind of token back', { requested_token_type: JWT_TYPE }, 'invalid_request'],
    ['a named actor', { actor_token: 'x' }, 'invalid_request'],
    ['another audience', { audience: 'elsewhere' }, 'invalid_target'],
    ['another resource', { resource: 'urn:elsewhere' }, 'invalid_target'],
  ])('refuses %s', async (_which, changed: Form, error) => {
    expect(refusal(await exchange('hana', changed)).error).toBe(error);
  });
});

describe('a client that asks in its own name', () => {
  it('is its own subject, with nobody behind it', async () => {
    const claims = decodeJwt(tokenOf(await own({ scope: 'record:read' })));
    expect(claims).toMatchObject({
      sub: 'payroll',
      client_id: 'payroll',
      tenant: 't-001',
      scope: 'record:read',
      cnf: { 'x5t#S256': world.certificates.payroll.x5t },
    });
    expect(claims).not.toHaveProperty('act');
    expect(claims).not.toHaveProperty('auth_time');
  });

  it.each([
    ['a tenant of others', { tenant: 'operator' }, 'invalid_target'],
    ['a scope it was not given', { scope: 'number:read' }, 'invalid_scope'],
    ['another resource', { resource: 'urn:elsewhere' }, 'invalid_target'],
  ])('is refused %s', async (_which, changed: Form, error) => {
    expect(refusal(await own(changed))).toEqual({ status: 400, error });
  });

  it('must name one of its tenants', async () => {
    const form = { ...(await authenticated()), grant_type: 'client_credentials' };
    expect(refusal(await post(form)).error).toBe('invalid_request');
  });
});

describe('a client that is not who it says', () => {
  const outcome = async (form: Form) => refusal(await post(form));
  const grant = { grant_type: 'client_credentials', tenant: 't-001' };

  it('is refused with an assertion of another key', async () => {
    const { provider } = world;
    const client_assertion = await clientAssertion({
      clientId: 'payroll',
      keys: newKeys(),
      issuer: provider.issuer,
    });
    const form = { ...(await authenticated()), client_assertion, ...grant };
    expect(await outcome(form)).toEqual({ status: 401, error: 'invalid_client' });
  });

  it('is refused with an assertion for another audience, or used before', async () => {
    const { provider, clientKeys } = world;
    const aud = 'https://elsewhere.test';
    const foreign = await clientAssertion(
      { clientId: 'payroll', keys: clientKeys.payroll, issuer: provider.issuer },
      { aud },
    );
    expect(
      (await outcome({ ...(await authenticated()), client_assertion: foreign, ...grant })).error,
    ).toBe('invalid_client');
    const form = { ...(await authenticated()), ...grant };
    expect((await post(form)).status).toBe(200);
    expect(await outcome(form)).toEqual({ status: 401, error: 'invalid_client' });
  });

  it('is refused with no assertion at all', async () => {
    expect((await outcome({ client_id: 'payroll', ...grant })).error).toBe('invalid_client');
  });

  it('gets no token without a certificate, or with one of another name, authority or time', async () => {
    const { certificates, authority } = world;
    const stranger = createTestAuthority();
    const names = { uris: ['spiffe://local/client/payroll'] };
    const refused = [
      certificates.console,
      authority.certify({ dns: ['localhost'] }),
      authority.certify({ uris: ['spiffe://local/client/payroll-2'] }),
      stranger.certify(names),
      undefined,
    ];
    for (const certified of refused) {
      const answer = await send({
        url: world.provider.tokenEndpoint,
        ca: authority.ca,
        form: { ...(await authenticated()), ...grant },
        certified,
      });
      expect(refusal(answer)).toEqual({ status: 400, error: 'invalid_grant' });
    }
  });

  it('cannot use a grant it was not given', async () => {
    const form = { ...(await authenticated('console')), ...grant };
    expect(refusal(await post(form, world.certificates.console)).status).toBe(400);
  });
});
