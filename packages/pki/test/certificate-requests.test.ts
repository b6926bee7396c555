import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createAuthority, createRequest, issueCertificate, readRequest } from '../src/index.ts';

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const uris = ['spiffe://example/client/payroll'];
const dns = ['payroll.example'];

const decode = (pem: string) => Buffer.from(pem.replaceAll(/-----.*-----|\n/g, ''), 'base64');
const encode = (der: Buffer) =>
  `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;

describe('a certificate request', () => {
  it('brings its key and its names to the authority', () => {
    const keys = newKeys();
    const read = readRequest(createRequest({ ...keys, subject: 'payroll', uris, dns }));

    expect(read.publicKey.equals(keys.publicKey)).toBe(true);
    expect(read).toMatchObject({ uris, dns });
  });

  it('may ask for no name', () => {
    const read = readRequest(createRequest({ ...newKeys(), subject: 'payroll' }));

    expect(read).toMatchObject({ uris: [], dns: [] });
  });

  it('becomes a certificate for the key it brought', () => {
    const keys = newKeys();
    const authority = createAuthority({ deployment: 'example', profile: 'production' });
    const { publicKey } = readRequest(createRequest({ ...keys, subject: 'payroll', uris }));

    const pem = issueCertificate({
      authority,
      publicKey,
      subject: 'payroll',
      usage: 'client',
      uris,
    });

    expect(new X509Certificate(pem).checkPrivateKey(keys.privateKey)).toBe(true);
  });

  it('is refused when signed by another key than its own', () => {
    const { publicKey } = newKeys();
    const { privateKey } = newKeys();
    const forged = createRequest({ publicKey, privateKey, subject: 'payroll', uris });

    expect(() => readRequest(forged)).toThrow('not signed by its key');
  });

  it('is refused with any one byte changed', () => {
    const der = decode(createRequest({ ...newKeys(), subject: 'payroll', uris }));

    for (let at = 0; at < der.length; at += 1) {
      const changed = Buffer.from(der);
      changed[at] = (changed[at] ?? 0) ^ 0x01;
      expect(() => readRequest(encode(changed))).toThrow(/./);
    }
  });

  it('is refused cut short or with bytes after it', () => {
    const der = decode(createRequest({ ...newKeys(), subject: 'payroll', uris }));

    expect(() => readRequest(encode(der.subarray(0, -1)))).toThrow(TypeError);
    expect(() => readRequest(encode(Buffer.concat([der, Buffer.of(0)])))).toThrow(TypeError);
  });

  it('is refused with a length that is not written the short way', () => {
    const der = decode(createRequest({ ...newKeys(), subject: 'payroll' }));
    const [tag = 0, form = 0, length = 0] = der;
    expect(form).toBe(0x81);

    const longer = Buffer.concat([Buffer.of(tag, 0x82, 0, length), der.subarray(3)]);

    expect(() => readRequest(encode(longer))).toThrow('not DER');
  });

  it('is refused for a key on another curve', () => {
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-384' });

    expect(() => readRequest(createRequest({ ...keys, subject: 'payroll' }))).toThrow('not P-256');
  });
});
