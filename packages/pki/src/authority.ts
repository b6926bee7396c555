import { createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { decode } from './der.ts';
import { isDevelopmentCertificate } from './development-policy.ts';
import {
  authorityKeyIdentifier,
  basicConstraintsOfAuthority,
  basicConstraintsOfLeaf,
  developmentPolicy,
  extendedKeyUsage,
  extensions,
  keyUsageOfAuthority,
  keyUsageOfLeaf,
  type Names,
  subjectAltName,
  subjectKeyIdentifier,
  type Usage,
} from './extensions.ts';
import { name, signCertificate } from './sign-certificate.ts';

/** A certificate authority: its certificate, and the P-256 key it signs with. */
export type Authority = { certificatePem: string; privateKey: KeyObject };

/**
 * A new self-signed authority. With the profile `development` it and all it issues carry the critical
 * development policy, and its name says DEVELOPMENT ONLY: no production service accepts it.
 */
export function createAuthority(options: {
  deployment: string;
  profile: 'development' | 'production';
  days?: number;
  now?: number;
}): Authority {
  const { deployment, profile, days = 1825, now = Date.now() } = options;
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const self = name({ organization: deployment, commonName: authorityName[profile] });
  const certificatePem = signCertificate({
    issuer: self,
    subject: self,
    publicKey,
    validity: { now, days },
    signingKey: privateKey,
    extensions: extensions(
      basicConstraintsOfAuthority(),
      keyUsageOfAuthority(),
      subjectKeyIdentifier(publicKey),
      ...(profile === 'development' ? [developmentPolicy()] : []),
    ),
  });
  return { certificatePem, privateKey };
}

const authorityName = {
  development: 'DEVELOPMENT ONLY',
  production: 'Certificate authority',
};

/** A leaf certificate (PEM) for TLS. `subject` is a display name: peers are recognised by `uris` alone. */
export function issueCertificate(options: {
  authority: Authority;
  publicKey: KeyObject;
  subject: string;
  usage: Usage;
  uris?: readonly string[];
  dns?: readonly string[];
  days?: number;
  now?: number;
}): string {
  const { authority, publicKey, subject, usage, days = 7, now = Date.now() } = options;
  const development = isDevelopmentCertificate(authority.certificatePem);
  return signCertificate({
    issuer: subjectOf(authority.certificatePem),
    subject: name({ commonName: subject }),
    publicKey,
    validity: { now, days },
    signingKey: authority.privateKey,
    extensions: extensions(
      basicConstraintsOfLeaf(),
      keyUsageOfLeaf(),
      extendedKeyUsage(usage),
      ...subjectAltName(namesOf(options)),
      subjectKeyIdentifier(publicKey),
      authorityKeyIdentifier(createPublicKey(authority.privateKey)),
      ...(development ? [developmentPolicy()] : []),
    ),
  });
}

const namesOf = ({ uris = [], dns = [] }: Names): Names => ({ uris, dns });

/** The subject as it stands in the authority's certificate: an issuer name must be the same bytes. */
function subjectOf(certificatePem: string) {
  const certificate = decode(new X509Certificate(certificatePem).raw);
  const SUBJECT = 5;
  const [toBeSigned] = certificate.value as ReturnType<typeof decode>[];
  const fields = toBeSigned?.value as ReturnType<typeof decode>[];
  const subject = fields[SUBJECT];
  if (subject === undefined) throw new TypeError('the certificate has no subject');
  return subject;
}
