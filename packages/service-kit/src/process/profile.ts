import { X509Certificate } from 'node:crypto';
import { BlockList, isIP } from 'node:net';
import { isLocalDatabase } from '../database-address.ts';
import { StartupError } from '../startup-error.ts';
import { isMarkedForDevelopment } from './development-certificate.ts';

export type Profile = 'development' | 'production';

/** The settings of a service that tell development from production. Each is named for the error. */
export type ProfileFacts = {
  profile: Profile;
  /** PEM of the own certificate; its DNS names are the service's own names. */
  certificate: { setting: string; pem: string };
  /** PEM (one or more certificates) of everything else that is trusted. */
  authorities: readonly { setting: string; pem: string }[];
  issuers: readonly { setting: string; url: string }[];
  databases: readonly { setting: string; connectionString: string; caFile?: string | undefined }[];
  /** `accepted` is the operator's written word that a file may hold the root. */
  root?: { setting: string; kind: string; accepted: boolean };
};

const PRIVATE = new BlockList();
PRIVATE.addSubnet('127.0.0.0', 8);
PRIVATE.addSubnet('10.0.0.0', 8);
PRIVATE.addSubnet('172.16.0.0', 12);
PRIVATE.addSubnet('192.168.0.0', 16);
PRIVATE.addSubnet('169.254.0.0', 16);
PRIVATE.addSubnet('100.64.0.0', 10);
PRIVATE.addSubnet('0.0.0.0', 8);
PRIVATE.addAddress('::1', 'ipv6');
PRIVATE.addAddress('::', 'ipv6');
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/**
 * The fence between development and production. Outside the development profile nothing made for development
 * is trusted; inside it a service may only be called localhost. Throws StartupError for the first fault.
 */
export function assertProfile(facts: ProfileFacts): void {
  if (facts.profile === 'development') assertLocal(facts);
  else assertProduction(facts);
}

function assertLocal({ certificate }: ProfileFacts): void {
  const names = dnsNamesOf(certificate.pem);
  if (names.length === 0 || names.some((name) => name !== 'localhost')) {
    throw new StartupError(
      ['PROFILE', certificate.setting],
      'the development profile is for localhost alone',
    );
  }
}

function assertProduction(facts: ProfileFacts): void {
  const faults = [
    ...[facts.certificate, ...facts.authorities].flatMap(certificateFault),
    ...facts.issuers.flatMap(issuerFault),
    ...facts.databases.flatMap(databaseFault),
    ...(facts.root === undefined ? [] : rootFault(facts.root)),
  ];
  const [first] = faults;
  if (first !== undefined) throw first;
}

function certificateFault({ setting, pem }: ProfileFacts['certificate']): StartupError[] {
  const marked = certificatesIn(pem).some((one) => isMarkedForDevelopment(one.raw));
  return marked ? [new StartupError([setting], 'holds a certificate made for development')] : [];
}

function issuerFault({ setting, url }: ProfileFacts['issuers'][number]): StartupError[] {
  return isPrivate(url) ? [new StartupError([setting], 'is not https on a public host name')] : [];
}

function databaseFault(one: ProfileFacts['databases'][number]): StartupError[] {
  const sound = one.caFile !== undefined || isLocalDatabase(one.connectionString);
  return sound ? [] : [new StartupError([one.setting], 'leads to a remote database without TLS')];
}

function rootFault({ setting, kind, accepted }: NonNullable<ProfileFacts['root']>): StartupError[] {
  const sound = kind !== 'file' || accepted;
  return sound ? [] : [new StartupError([setting], 'a root in a file was not accepted explicitly')];
}

function certificatesIn(pem: string): X509Certificate[] {
  return (pem.match(CERTIFICATES) ?? []).map((one) => new X509Certificate(one));
}

function dnsNamesOf(pem: string): string[] {
  const [own] = certificatesIn(pem);
  const names = (own?.subjectAltName ?? '').split(', ').filter((name) => name.startsWith('DNS:'));
  return names.map((name) => name.slice('DNS:'.length));
}

/** A host that only this machine or this network can mean, or anything but https. */
function isPrivate(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { protocol, hostname } = new URL(url);
  const host = hostname.replaceAll(/^\[|\]$|\.$/g, '');
  const family = isIP(host);
  if (family !== 0)
    return PRIVATE.check(host, family === 4 ? 'ipv4' : 'ipv6') || protocol !== 'https:';
  return (
    protocol !== 'https:' ||
    !host.includes('.') ||
    /\.(?:localhost|local|internal|home\.arpa)$/.test(host)
  );
}
