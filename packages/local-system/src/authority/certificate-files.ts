import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  X509Certificate,
} from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Authority, issueCertificate } from '@mnv/pki';
import { ensurePrivateDirectory, keptFile, writePrivateFile } from '../files/private-file.ts';

export const CERTIFICATE_DAYS = 7;
/** A certificate is replaced when this part of its life is over, long before anybody could refuse it. */
const RENEW_AFTER = 2 / 3;

/** One identity in TLS: a name for its folder, the URI peers know it by, and DNS names when it serves. */
export type CertifiedParty = {
  name: string;
  uris: readonly string[];
  dns?: readonly string[];
  usage: 'server' | 'client' | 'both';
};

export type CertificateFiles = { certificate: string; key: string };

/** When a certificate is due for renewal, in ms since the epoch. */
export function renewalOf(certificatePem: string): number {
  const { validFrom, validTo } = new X509Certificate(certificatePem);
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  return from + (to - from) * RENEW_AFTER;
}

function isStillGood(certificatePem: string, authority: Authority, now: number): boolean {
  const issuer = new X509Certificate(authority.certificatePem);
  const isOurs = new X509Certificate(certificatePem).verify(issuer.publicKey);
  return isOurs && now < renewalOf(certificatePem);
}

function newKeyPem(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/**
 * Certificate and key of a party under `directory/<name>`, issued when missing or due. The key stays: so a
 * renewal replaces one file, and a reader never meets a certificate without its key.
 */
export function ensureCertificate(
  authority: Authority,
  { directory, party, now }: { directory: string; party: CertifiedParty; now: number },
): CertificateFiles & { outcome: 'kept' | 'issued' } {
  const folder = ensurePrivateDirectory(join(directory, party.name));
  const files = { certificate: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') };
  const publicKey = createPublicKey(createPrivateKey(keptFile(files.key, newKeyPem)));
  if (
    existsSync(files.certificate) &&
    isStillGood(readFileSync(files.certificate, 'utf8'), authority, now)
  ) {
    return { ...files, outcome: 'kept' };
  }
  const { name: subject, uris, dns = [], usage } = party;
  const order = { authority, publicKey, subject, uris, dns, usage, days: CERTIFICATE_DAYS, now };
  writePrivateFile(files.certificate, issueCertificate(order));
  return { ...files, outcome: 'issued' };
}
