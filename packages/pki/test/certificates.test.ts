import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { createAuthority, isDevelopmentCertificate, issueCertificate } from '../src/index.ts';

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const development = createAuthority({ deployment: 'local', profile: 'development' });
const production = createAuthority({ deployment: 'example', profile: 'production' });

function issue(options: Partial<Parameters<typeof issueCertificate>[0]> = {}) {
  const { publicKey, privateKey } = newKeys();
  const defaults = {
    authority: production,
    publicKey,
    subject: 'payroll',
    usage: 'client',
  } as const;
  const pem = issueCertificate({ ...defaults, ...options });
  return { pem, certificate: new X509Certificate(pem), publicKey, privateKey };
}

describe('an authority', () => {
  it('signs itself and may sign others', () => {
    const certificate = new X509Certificate(production.certificatePem);

    expect(certificate.verify(createPublicKey(production.privateKey))).toBe(true);
    expect(certificate.ca).toBe(true);
    expect(certificate.checkIssued(certificate)).toBe(true);
  });

  it('says DEVELOPMENT ONLY in its name when it is for development, and only then', () => {
    expect(new X509Certificate(development.certificatePem).subject).toContain('DEVELOPMENT ONLY');
    expect(new X509Certificate(production.certificatePem).subject).not.toContain('DEVELOPMENT');
  });
});

describe('a leaf certificate', () => {
  it('is issued and signed by its authority', () => {
    const { certificate } = issue();

    expect(certificate.verify(createPublicKey(production.privateKey))).toBe(true);
    expect(certificate.checkIssued(new X509Certificate(production.certificatePem))).toBe(true);
    expect(certificate.ca).toBe(false);
  });

  it('carries its URI and DNS names', () => {
    const uris = ['spiffe://local/service/vault'];
    const { certificate } = issue({ uris, dns: ['localhost'] });

    expect(certificate.subjectAltName).toBe(`DNS:localhost, URI:${uris[0]}`);
  });

  it.each([
    ['server', ['1.3.6.1.5.5.7.3.1']],
    ['client', ['1.3.6.1.5.5.7.3.2']],
    ['both', ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']],
  ] as const)('for use as %s names exactly that extended key usage', (usage, expected) => {
    expect(issue({ usage }).certificate.keyUsage).toEqual(expected);
  });

  it('ends after the days it was given', () => {
    const now = Date.UTC(2026, 10, 1);
    const { certificate } = issue({ now, days: 3 });

    expect(certificate.validToDate.getTime()).toBe(now + 3 * 86_400_000);
    expect(certificate.validFromDate.getTime()).toBeLessThan(now);
  });

  it('keeps its dates beyond 2049, where the encoding changes', () => {
    const now = Date.UTC(2051, 0, 1);

    expect(issue({ now }).certificate.validToDate.getUTCFullYear()).toBe(2051);
  });

  it('has a serial number of its own', () => {
    const serials = Array.from({ length: 20 }, () => issue().certificate.serialNumber);

    expect(new Set(serials).size).toBe(20);
    expect(serials.every((serial) => /^[4-7][0-9A-F]{31}$/.test(serial))).toBe(true);
  });

  it('refuses a name with a control character, which could hide another name', () => {
    expect(() => issue({ uris: ['spiffe://a\0b'] })).toThrow(TypeError);
  });
});

describe('the development policy', () => {
  it('is in the authority and in everything it issues', () => {
    const { pem, certificate } = issue({ authority: development });

    expect(isDevelopmentCertificate(development.certificatePem)).toBe(true);
    expect(isDevelopmentCertificate(pem)).toBe(true);
    expect(isDevelopmentCertificate(certificate.raw)).toBe(true);
  });

  it('is in nothing of a production authority', () => {
    expect(isDevelopmentCertificate(production.certificatePem)).toBe(false);
    expect(isDevelopmentCertificate(issue().pem)).toBe(false);
  });

  it('is not asked of what is no certificate', () => {
    expect(() => isDevelopmentCertificate('nothing')).toThrow(/PEM/);
  });
});

describe('TLS 1.3 between two certificates of one authority', () => {
  it.each([
    ['development', development],
    ['production', production],
  ])('is set up with the names of the peer, with a %s authority', async (_, authority) => {
    const ca = authority.certificatePem;
    const service = issue({ authority, usage: 'server', dns: ['localhost'] });
    const client = issue({ authority, uris: ['spiffe://local/client/payroll'] });

    const names = await handshake({ ca, service, client });

    expect(names).toBe('URI:spiffe://local/client/payroll');
  });
});

type Issued = ReturnType<typeof issue>;

/** Runs one mutual handshake and returns what the server reads as the names of the client. */
async function handshake({ ca, service, client }: { ca: string; service: Issued; client: Issued }) {
  const keyOf = ({ privateKey }: Issued) => privateKey.export({ type: 'pkcs8', format: 'pem' });
  const seen = Promise.withResolvers<string | undefined>();
  const options = { ca, minVersion: 'TLSv1.3', rejectUnauthorized: true } as const;
  const own = { key: keyOf(service), cert: service.pem, requestCert: true };
  const server = createServer({ ...options, ...own }, (socket: TLSSocket) => {
    seen.resolve(socket.getPeerX509Certificate()?.subjectAltName);
    socket.end();
  });
  server.on('tlsClientError', seen.reject);
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
  const { port } = server.address() as { port: number };
  const socket = connect({
    ...options,
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    key: keyOf(client),
    cert: client.pem,
  });
  socket.on('error', seen.reject);
  try {
    return await seen.promise;
  } finally {
    socket.destroy();
    server.close();
  }
}
