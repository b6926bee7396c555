import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from './architecture-tree.ts';

// RFC 3394 §4.6 and RFC 5869 A.1, typed in.
const WRAPPING = {
  name: 'RFC 3394 4.6',
  kek: '000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F',
  key: '00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F',
  wrapped: '28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21',
};
const DERIVATION = {
  name: 'RFC 5869 A.1',
  ikm: '0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b',
  salt: '000102030405060708090a0b0c',
  info: 'f0f1f2f3f4f5f6f7f8f9',
  length: 42,
  okm: '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
};
const SOUND = { aes_kw: [WRAPPING], aes_kwp: [], hkdf_sha256: [DERIVATION] };
const base64 = (text: string): string => Buffer.from(text).toString('base64');

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'vectors-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function write(path: string, content: unknown): void {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), JSON.stringify(content));
}

function run(...given: string[]) {
  const runner = join(ROOT, 'packages/local-system/src/conformance.ts');
  return spawnSync(process.execPath, [runner, ...given], { encoding: 'utf8', timeout: 20_000 });
}

/** One sound token and one that has expired, signed here. */
function tokenVectors() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = 1_900_000_000;
  const x5t = 'A'.repeat(43);
  const text = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const tokenOf = (exp: number) => {
    const claims = {
      iss: 'https://issuer.example',
      aud: 'mynumber-vault',
      sub: 'person-1',
      client_id: 'payroll',
      scope: 'number:read',
      tenant: 't-001',
      iat: exp - 300,
      exp,
      jti: 'one',
      cnf: { 'x5t#S256': x5t },
    };
    const input = `${text({ alg: 'ES256', typ: 'at+jwt', kid: 'k' })}.${text(claims)}`;
    const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
    return `${input}.${sign('sha256', Buffer.from(input), key).toString('base64url')}`;
  };
  const cases = [
    { id: 'sound', expect: 'accept', token: tokenOf(now + 200) },
    { id: 'expired', expect: 'reject', token: tokenOf(now - 60) },
  ];
  const profile = {
    now,
    issuer: 'https://issuer.example',
    audience: 'mynumber-vault',
    client_cert_thumbprint_x5tS256: x5t,
  };
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k' }] };
  return { cases, file: (list: typeof cases) => ({ profile, jwks, cases: list }) };
}

describe('running the conformance vectors of a directory', () => {
  it('prints one line per file and succeeds when every vector holds', () => {
    write('rfc-hkdf-kw.json', SOUND);

    const { status, stdout } = run(directory);

    expect(stdout).toBe('rfc-hkdf-kw.json: passed 2, failed 0\n');
    expect(status).toBe(0);
  });

  it('fails when one vector does not hold, and names it', () => {
    const changed = { ...DERIVATION, okm: DERIVATION.okm.replace(/^3/, '4') };
    write('rfc-hkdf-kw.json', { ...SOUND, hkdf_sha256: [DERIVATION, changed] });

    const { status, stdout, stderr } = run(directory);

    expect(stdout).toBe('rfc-hkdf-kw.json: passed 2, failed 1\n');
    expect(stderr).toContain('RFC 5869 A.1');
    expect(status).toBe(1);
  });

  it('counts what our profile refuses by design as passed, and as stricter', () => {
    const cases = [
      { name: 'y_object_duplicated_key.json', expect: 'y', b64: base64('{"a":1,"a":2}') },
      { name: 'y_object_simple.json', expect: 'y', b64: base64('{"a":1}') },
      { name: 'n_object_trailing_comma.json', expect: 'n', b64: base64('{"a":1,}') },
      { name: 'n_structure_open.json', expect: 'n', head_b64: base64('[{"":[{"":['), len: 250_001 },
    ];
    write('json/JSONTestSuite.json', { cases });

    const { status, stdout } = run(directory);

    expect(stdout).toBe('json/JSONTestSuite.json: passed 4, failed 0, stricter 1\n');
    expect(status).toBe(0);
  });

  it('judges access tokens by the verifier of the services, at the time of the vectors', () => {
    const { file, cases } = tokenVectors();
    write('jwt-attacks/cases.json', file(cases));
    expect(run(directory).stdout).toBe('jwt-attacks/cases.json: passed 2, failed 0\n');

    write('jwt-attacks/cases.json', file(cases.map((one) => ({ ...one, expect: 'accept' }))));
    const { status, stderr } = run(directory);

    expect(stderr).toContain('failed: expired');
    expect(status).toBe(1);
  });

  it('fails a hostile input that is taken for sound', () => {
    write('json/JSONTestSuite.json', {
      cases: [{ name: 'n_wrong.json', expect: 'n', b64: base64('[]') }],
    });

    expect(run(directory).status).toBe(1);
  });

  it('fails when no vector ran', () => {
    write('unknown/file.json', { cases: [] });

    const { status, stderr } = run(directory);

    expect(stderr).toContain('no vector ran');
    expect(status).toBe(1);
  });

  it('refuses a directory that is not there, and a missing argument', () => {
    expect(run(join(directory, 'absent')).status).toBe(2);
    expect(run().status).toBe(2);
  });
});
