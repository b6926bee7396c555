import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeIndividualNumber } from '@mnv/testing';
import { createTokenVerifier, requirePerson, requireScope } from '../src/index.ts';
import type { AccessToken, VerifyAccessToken } from '../src/index.ts';
import {
  AUDIENCE,
  ISSUER,
  OURS,
  THEIRS,
  clock,
  encoded,
  jwkOf,
  newKey,
  nowInSeconds,
  soundClaims,
  soundHeader,
  tokenOf,
} from './token-world.ts';

const key = newKey('key-1');
const other = newKey('key-2');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

let verify: VerifyAccessToken;
beforeAll(() => {
  const jwks = {
    keys: [jwkOf(key), { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa', alg: 'RS256' }],
  };
  verify = createTokenVerifier({ issuer: ISSUER, audience: AUDIENCE, jwks, clock: clock.now });
});

const withClaims = (change: object) => tokenOf(key, { ...soundClaims(), ...change });
const withHeader = (change: object) =>
  tokenOf(key, soundClaims(), { ...soundHeader(key), ...change });
const REFUSED = { code: 'token-invalid', detail: 'The access token was not accepted.' };

describe('a sound access token', () => {
  it('says who acts for whom, for which tenant and with which scopes', async () => {
    const token = await verify(
      withClaims({ act: { sub: 'payroll' }, acr: 'phr', amr: ['hwk'], auth_time: 1_899_999_000 }),
      OURS,
    );

    expect(token).toMatchObject({
      issuer: ISSUER,
      subject: 'person-1',
      clientId: 'payroll',
      tenant: 't-001',
      actor: 'payroll',
      acr: 'phr',
      amr: ['hwk'],
      authTime: 1_899_999_000_000,
      expiresAt: (nowInSeconds() + 200) * 1000,
    });
    expect([...token.scopes]).toEqual(['number:read', 'record:read']);
  });

  it.each([
    ['several audiences', { aud: ['other', AUDIENCE] }],
    ['scopes we do not know', { scope: 'openid number:read' }],
    ['a time not before it, passed', { nbf: nowInSeconds() - 1 }],
    ['an issuer whose clock is five seconds ahead', { iat: nowInSeconds() + 5 }],
    ['exactly 300 seconds of life', { iat: nowInSeconds(), exp: nowInSeconds() + 300 }],
  ])('may have %s', async (_what, change) => {
    expect((await verify(withClaims(change), OURS)).tenant).toBe('t-001');
  });
});

describe('a hostile access token', () => {
  it.each<[string, object]>([
    ['another issuer', { iss: 'https://other.example' }],
    ['the issuer with a slash', { iss: `${ISSUER}/` }],
    ['another audience', { aud: 'other' }],
    ['an audience that begins like ours', { aud: `${AUDIENCE}-x` }],
    ['no audience', { aud: [] }],
    ['an audience that is no text', { aud: [AUDIENCE, 1] }],
    ['nine audiences', { aud: Array.from({ length: 9 }, () => AUDIENCE) }],
    ['no subject', { sub: undefined }],
    ['an empty subject', { sub: '' }],
    ['a subject with a line end', { sub: 'a\nb' }],
    ['a subject that reads backwards', { sub: 'a\u202eb' }],
    ['a subject with a zero-width space', { sub: 'a\u200bb' }],
    ['a subject in another spelling', { sub: 'e\u0301' }],
    ['a subject that is an Individual Number', { sub: makeIndividualNumber() }],
    ['no client', { client_id: undefined }],
    ['scopes in a list', { scope: ['number:read'] }],
    ['scopes with two spaces', { scope: 'number:read  admin' }],
    ['no scope', { scope: undefined }],
    ['two tenants', { tenant: ['t-001', 't-002'] }],
    ['a tenant in upper case', { tenant: 'T-001' }],
    ['no tenant', { tenant: undefined }],
    ['no id', { jti: undefined }],
    ['no certificate', { cnf: undefined }],
    ['an empty binding', { cnf: {} }],
    ['the certificate of another', { cnf: { 'x5t#S256': THEIRS } }],
    ['a second binding', { cnf: { 'x5t#S256': OURS, jkt: 'x' } }],
    ['a binding in a list', { cnf: [OURS] }],
    ['no end', { exp: undefined }],
    ['its end in a text', { exp: String(nowInSeconds() + 200) }],
    ['an end long ago', { iat: 1, exp: 200 }],
    ['an end five seconds ago', { iat: nowInSeconds() - 100, exp: nowInSeconds() - 5 }],
    ['301 seconds of life', { iat: nowInSeconds(), exp: nowInSeconds() + 301 }],
    ['an end before its beginning', { iat: nowInSeconds() + 4, exp: nowInSeconds() + 3 }],
    ['no beginning', { iat: undefined }],
    ['a beginning in six seconds', { iat: nowInSeconds() + 6 }],
    ['a time not before it, to come', { nbf: nowInSeconds() + 60 }],
    ['a time not before it in a text', { nbf: '0' }],
    ['an actor that is a text', { act: 'payroll' }],
    ['methods that are no list', { amr: 'pwd' }],
  ])('is refused with %s', async (_what, change) => {
    await expect(verify(withClaims(change), OURS)).rejects.toMatchObject(REFUSED);
  });

  it('is refused with an end no double can hold', async () => {
    const text = JSON.stringify(soundClaims()).replace(/"exp":\d+/, '"exp":1e999');

    await expect(verify(tokenOf(key, text), OURS)).rejects.toMatchObject(REFUSED);
  });

  it.each<[string, object]>([
    ['another type', { typ: 'JWT' }],
    ['no type', { typ: undefined }],
    ['the type of a logout token', { typ: 'logout+jwt' }],
    ['no algorithm', { alg: 'none' }],
    ['another algorithm', { alg: 'RS256' }],
    ['a list of algorithms', { alg: ['ES256'] }],
    ['no key id', { kid: undefined }],
    ['an unknown key id', { kid: 'key-9' }],
    ['the id of a key of another kind', { kid: 'rsa' }],
    ['a path for a key id', { kid: '../../etc/passwd\0' }],
    ['a key id that is an object', { kid: { $ne: null } }],
    ['a key', { jwk: jwkOf(other) }],
    ['the address of keys', { jku: 'https://evil.example/jwks' }],
    ['a certificate', { x5c: ['MIIB'] }],
    ['the address of a certificate', { x5u: 'https://evil.example/c' }],
    ['a critical extension', { crit: ['exp'], exp: 1 }],
    ['an unencoded payload', { b64: false, crit: ['b64'] }],
    ['a compressed payload', { zip: 'DEF' }],
    ['a token inside', { cty: 'JWT' }],
  ])('is refused with %s in its header', async (_what, change) => {
    await expect(verify(withHeader(change), OURS)).rejects.toMatchObject(REFUSED);
  });

  it.each<[string, () => string]>([
    ['without a signature', () => `${tokenOf(key).split('.').slice(0, 2).join('.')}.`],
    ['signed by another key', () => tokenOf(other, soundClaims(), soundHeader(key))],
    ['signed by the public key as a secret', () => signedAsSecret()],
    ['signed by the RSA key of the issuer', () => signedByRsa()],
    ['with a signature of zeros', () => withSignature(Buffer.alloc(64))],
    ['with four parts', () => `${tokenOf(key)}.e30`],
    ['with two parts', () => tokenOf(key).split('.').slice(0, 2).join('.')],
    ['as JSON', () => JSON.stringify({ payload: encoded(soundClaims()), signatures: [] })],
    ['with padding', () => `${tokenOf(key)}==`],
    ['with a space', () => ` ${tokenOf(key)}`],
    ['with a line end', () => `${tokenOf(key)}\n`],
    ['that is empty', () => ''],
    ['whose claims are a list', () => tokenOf(key, '[]')],
    ['whose claims are no JSON', () => tokenOf(key, '{')],
    ['with a claim twice', () => tokenOf(key, doubled(soundClaims(), '"sub":"x",'))],
    [
      'with a header member twice',
      () => tokenOf(key, soundClaims(), doubled(soundHeader(key), '"alg":"none",')),
    ],
    ['that reaches a prototype', () => tokenOf(key, doubled(soundClaims(), '"__proto__":{},'))],
    ['over 8 kB', () => withClaims({ note: 'x'.repeat(8192) })],
  ])('is refused %s', async (_what, make) => {
    await expect(verify(make(), OURS)).rejects.toMatchObject(REFUSED);
  });

  it('is refused in any other spelling of a sound one', async () => {
    const token = tokenOf(key);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = alphabet.indexOf(token.at(-1)!);
    // The last character of 64 bytes carries four bits that are not part of them.
    const spellings = Array.from(
      { length: 15 },
      (_, at) => alphabet[(last & 0x30) | ((last + at + 1) & 0xf)],
    );
    await verify(token, OURS);

    for (const spelling of spellings) {
      await expect(verify(token.slice(0, -1) + spelling, OURS)).rejects.toMatchObject(REFUSED);
    }
  });
});

describe('a token that was verified before', () => {
  it('is refused on the connection of another, and after its end', async () => {
    const token = withClaims({ jti: 'again', exp: nowInSeconds() + 20 });
    await verify(token, OURS);

    await expect(verify(token, THEIRS)).rejects.toMatchObject(REFUSED);
    expect((await verify(token, OURS)).tenant).toBe('t-001');

    clock.advance(25_000);
    await expect(verify(token, OURS)).rejects.toMatchObject(REFUSED);
    clock.advance(-25_000);
  });
});

describe('what a token allows', () => {
  const read = (change: object): Promise<AccessToken> => verify(withClaims(change), OURS);

  it('is not to stand for a person when it names a client alone', async () => {
    const person = await read({});
    const client = await read({ sub: 'payroll' });
    const actor = await read({ sub: 'batch', act: { sub: 'batch' } });

    expect(() => requirePerson(person)).not.toThrow();
    for (const token of [client, actor])
      expect(() => requirePerson(token)).toThrow(
        expect.objectContaining({ code: 'operator-required' }),
      );
  });

  it('is what its scopes name, word by word', async () => {
    const token = await read({ scope: 'number:read admins' });

    expect(() => requireScope(token, 'number:read')).not.toThrow();
    expect(() => requireScope(token, 'admin')).toThrow(
      expect.objectContaining({ code: 'scope-missing' }),
    );
  });
});

const doubled = (value: object, member: string) => JSON.stringify(value).replace('{', `{${member}`);
const inputOf = (header: object) => `${encoded(header)}.${encoded(soundClaims())}`;

function withSignature(signature: Buffer): string {
  return `${inputOf(soundHeader(key))}.${signature.toString('base64url')}`;
}

function signedAsSecret(): string {
  const input = inputOf({ ...soundHeader(key), alg: 'HS256' });
  const secret = key.publicKey.export({ type: 'spki', format: 'pem' });
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

function signedByRsa(): string {
  const input = inputOf({ ...soundHeader(key), alg: 'RS256', kid: 'rsa' });
  return `${input}.${sign('sha256', Buffer.from(input), rsa.privateKey).toString('base64url')}`;
}
