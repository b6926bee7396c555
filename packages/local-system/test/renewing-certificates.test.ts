import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isDevelopmentCertificate } from '@mnv/pki';
import { ensureCertificate, renewalOf } from '../src/authority/certificate-files.ts';
import { openDevelopmentAuthority } from '../src/authority/development-authority.ts';
import { renewCertificates } from '../src/authority/renew-certificates.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const party = {
  name: 'vault',
  uris: ['spiffe://local/service/vault'],
  dns: ['localhost'],
  usage: 'both' as const,
};

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'mnv-ca-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

describe('the local certificate authority', () => {
  it('says DEVELOPMENT ONLY in its subject and its critical policy, and is the same after a restart', () => {
    const first = openDevelopmentAuthority(directory, 'local');
    const second = openDevelopmentAuthority(directory, 'local');
    expect(new X509Certificate(first.certificatePem).subject).toContain('DEVELOPMENT ONLY');
    expect(isDevelopmentCertificate(first.certificatePem)).toBe(true);
    expect(second.certificatePem).toBe(first.certificatePem);
    expect(second.privateKey.equals(first.privateKey)).toBe(true);
  });

  it('issues certificates of seven days that carry the names, the policy and fit their key', () => {
    const authority = openDevelopmentAuthority(directory, 'local');
    const files = ensureCertificate(authority, { directory, party, now: Date.now() });
    const pem = readFileSync(files.certificate, 'utf8');
    const certificate = new X509Certificate(pem);
    expect(certificate.subjectAltName).toContain('URI:spiffe://local/service/vault');
    expect(certificate.subjectAltName).toContain('DNS:localhost');
    expect(certificate.verify(new X509Certificate(authority.certificatePem).publicKey)).toBe(true);
    expect(isDevelopmentCertificate(pem)).toBe(true);
    const life = Date.parse(certificate.validTo) - Date.parse(certificate.validFrom);
    expect(life / DAY_MS).toBeCloseTo(7, 0);
  });

  it('keeps every file to its owner', () => {
    const authority = openDevelopmentAuthority(directory, 'local');
    const { certificate, key } = ensureCertificate(authority, {
      directory,
      party,
      now: Date.now(),
    });
    expect([certificate, key, join(directory, 'ca-key.pem')].map(modeOf)).toEqual([
      '600',
      '600',
      '600',
    ]);
    expect(modeOf(join(directory, 'vault'))).toBe('700');
  });
});

describe('a certificate in use', () => {
  it('is kept until two thirds of its life are over and then replaced, with the same key', () => {
    const authority = openDevelopmentAuthority(directory, 'local');
    const now = Date.now();
    const first = ensureCertificate(authority, { directory, party, now });
    const before = readFileSync(first.certificate, 'utf8');
    const key = readFileSync(first.key, 'utf8');
    const due = renewalOf(before);
    expect((due - now) / DAY_MS).toBeCloseTo(14 / 3, 1);
    expect(ensureCertificate(authority, { directory, party, now: due - 1000 }).outcome).toBe(
      'kept',
    );
    expect(readFileSync(first.certificate, 'utf8')).toBe(before);
    expect(ensureCertificate(authority, { directory, party, now: due + 1000 }).outcome).toBe(
      'issued',
    );
    expect(readFileSync(first.certificate, 'utf8')).not.toBe(before);
    expect(readFileSync(first.key, 'utf8')).toBe(key);
  });

  it('is replaced while the system runs, and only when it is due', async () => {
    const authority = openDevelopmentAuthority(directory, 'local');
    const first = ensureCertificate(authority, { directory, party, now: Date.now() });
    const before = readFileSync(first.certificate, 'utf8');
    let now = Date.now();
    const clock = () => now;
    const renewed = await new Promise<string>((resolve) => {
      const stop = renewCertificates(authority, {
        directory,
        parties: [party],
        everyMs: 10,
        clock,
        renewed: (name) => {
          stop();
          resolve(name);
        },
      });
      setTimeout(() => {
        expect(readFileSync(first.certificate, 'utf8')).toBe(before);
        now += 6 * DAY_MS;
      }, 50);
    });
    expect(renewed).toBe('vault');
    expect(readFileSync(first.certificate, 'utf8')).not.toBe(before);
  });

  it('is replaced when another authority issued it', () => {
    const authority = openDevelopmentAuthority(directory, 'local');
    ensureCertificate(authority, { directory, party, now: Date.now() });
    const other = mkdtempSync(join(tmpdir(), 'mnv-ca-'));
    const stranger = openDevelopmentAuthority(other, 'local');
    expect(ensureCertificate(stranger, { directory, party, now: Date.now() }).outcome).toBe(
      'issued',
    );
    rmSync(other, { recursive: true, force: true });
  });
});
