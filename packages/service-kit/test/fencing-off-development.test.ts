import { beforeAll, describe, expect, it } from '@jest/globals';
import { createAuthority } from '@mnv/pki';
import type { Authority } from '@mnv/pki';
import { StartupError, assertProfile } from '../src/index.ts';
import type { ProfileFacts } from '../src/index.ts';
import { type CertificateOrder, materialOf, newAuthority } from './tls-parties.ts';

let production: Authority;
let development: Authority;
let sound: ProfileFacts;
beforeAll(() => {
  production = newAuthority();
  development = createAuthority({ deployment: 'local', profile: 'development' });
  sound = {
    profile: 'production',
    certificate: { setting: 'CERTIFICATE_FILE', pem: certificateOf(production) },
    authorities: [{ setting: 'CA_FILE', pem: production.certificatePem }],
    issuers: [{ setting: 'ISSUER', url: 'https://id.example.com' }],
    databases: [
      {
        setting: 'DATABASE_URL',
        connectionString: 'postgresql://vault_service@db.example.com/vault',
        caFile: '/etc/mnv/database-ca.pem',
      },
    ],
    root: { setting: 'ROOT', kind: 'file', accepted: true },
  };
});

const certificateOf = (authority: Authority, order: CertificateOrder = {}) =>
  materialOf(authority, {
    uris: ['spiffe://x/service/vault'],
    dns: ['vault.example.com'],
    ...order,
  }).certificate;

function refusalOf(facts: ProfileFacts): StartupError {
  try {
    assertProfile(facts);
  } catch (error) {
    if (error instanceof StartupError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('a service in production', () => {
  it('starts with certificates, an issuer, a database and a root that are meant for it', () => {
    expect(() => assertProfile(sound)).not.toThrow();
    expect(() =>
      assertProfile({
        ...sound,
        databases: [{ setting: 'D', connectionString: 'postgresql:///vault?host=/run/pg' }],
        root: { setting: 'ROOT', kind: 'pkcs11', accepted: false },
      }),
    ).not.toThrow();
  });

  it('refuses a development certificate of its own', () => {
    const pem = certificateOf(development);

    expect(
      refusalOf({ ...sound, certificate: { setting: 'CERTIFICATE_FILE', pem } }),
    ).toMatchObject({
      settings: ['CERTIFICATE_FILE'],
      reason: 'holds a certificate made for development',
    });
  });

  it.each<[string, () => string]>([
    ['alone', () => development.certificatePem],
    ['behind a sound one', () => production.certificatePem + development.certificatePem],
  ])('refuses a development authority %s', (_where, pemOf) => {
    const authorities = [{ setting: 'CA_FILE', pem: pemOf() }];

    expect(refusalOf({ ...sound, authorities })).toMatchObject({
      settings: ['CA_FILE'],
      reason: 'holds a certificate made for development',
    });
  });

  it.each<[string, (pem: string) => string]>([
    ['under another label', (pem) => pem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')],
    ['cut short', (pem) => pem.slice(0, -30)],
    ['empty', () => ''],
  ])('refuses authorities that it cannot read whole: %s', (_what, change) => {
    const authorities = [{ setting: 'CA_FILE', pem: change(development.certificatePem) }];

    expect(refusalOf({ ...sound, authorities }).settings).toEqual(['CA_FILE']);
  });

  it.each([
    'http://id.example.com',
    'https://localhost:8445',
    'https://id.localhost',
    'https://localhost.',
    'https://issuer',
    'https://id.internal',
    'https://id.local',
    'https://127.0.0.1',
    'https://127.1',
    'https://2130706433',
    'https://10.1.2.3',
    'https://172.31.0.1',
    'https://192.168.1.1',
    'https://169.254.169.254',
    'https://100.64.0.1',
    'https://0.0.0.0',
    'https://[::1]',
    'https://[::]',
    'https://[::ffff:127.0.0.1]',
    'https://[fd00::1]',
    'https://[fe80::1]',
    'id.example.com',
  ])('refuses the issuer %s', (url) => {
    const { settings, message } = refusalOf({ ...sound, issuers: [{ setting: 'ISSUER', url }] });

    expect(settings).toEqual(['ISSUER']);
    expect(message).not.toContain(url);
  });

  it.each(['https://id.example.com', 'https://172.32.0.1', 'https://[2001:db8::1]/realm'])(
    'accepts the issuer %s',
    (url) => {
      expect(() =>
        assertProfile({ ...sound, issuers: [{ setting: 'ISSUER', url }] }),
      ).not.toThrow();
    },
  );

  it.each([
    'postgresql://vault@db.example.com/vault',
    'postgresql://vault@db.example.com/vault?sslmode=require',
    'postgresql://vault@10.0.0.5/vault',
    'postgresql://vault@localhost/vault?host=db.example.com',
    'postgresql://vault@localhost.example.com/vault',
    'postgresql:///vault',
    'host=localhost dbname=vault',
  ])('refuses the database %s without TLS', (connectionString) => {
    const databases = [{ setting: 'DATABASE_URL', connectionString }];

    expect(refusalOf({ ...sound, databases })).toMatchObject({
      settings: ['DATABASE_URL'],
      reason: 'leads to a remote database without TLS',
    });
  });

  it.each([
    'postgresql://vault@localhost/vault',
    'postgresql://vault@127.0.0.1:5432/vault',
    'postgresql://vault@[::1]/vault',
    'postgresql://vault@%2Frun%2Fpg/vault',
  ])('accepts the database %s on its own machine', (connectionString) => {
    const databases = [{ setting: 'DATABASE_URL', connectionString }];

    expect(() => assertProfile({ ...sound, databases })).not.toThrow();
  });

  it('refuses a root in a file that nobody accepted', () => {
    const root = { setting: 'ACCEPT_FILE_ROOT', kind: 'file', accepted: false };

    expect(refusalOf({ ...sound, root }).message).toBe(
      'ACCEPT_FILE_ROOT: a root in a file was not accepted explicitly',
    );
  });
});

describe('a service in development', () => {
  const inDevelopment = (order: CertificateOrder): ProfileFacts => ({
    ...sound,
    profile: 'development',
    certificate: { setting: 'CERTIFICATE_FILE', pem: certificateOf(development, order) },
    authorities: [{ setting: 'CA_FILE', pem: development.certificatePem }],
    issuers: [{ setting: 'ISSUER', url: 'https://localhost:8445' }],
    root: { setting: 'ROOT', kind: 'file', accepted: false },
  });

  it('accepts what was made for development when it is called localhost', () => {
    expect(() => assertProfile(inDevelopment({ dns: ['localhost'] }))).not.toThrow();
  });

  it.each([
    ['another name', { dns: ['vault.example.com'] }],
    ['another name beside localhost', { dns: ['localhost', 'vault.example.com'] }],
    ['a name below localhost', { dns: ['vault.localhost'] }],
    ['no name', { dns: [] }],
  ])('refuses to be called by %s', (_what, order) => {
    expect(refusalOf(inDevelopment(order))).toMatchObject({
      settings: ['PROFILE', 'CERTIFICATE_FILE'],
      reason: 'the development profile is for localhost alone',
    });
  });
});
