import { BlockList, isIP } from 'node:net';
import { isLocalDatabase } from '../database-address.ts';
import { StartupError } from '../startup-error.ts';
import { certificatesIn } from '../tls/pem-certificates.ts';
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

/**
 * The fence between development and production. Outside the development profile nothing made for development
 * is trusted; inside it a service may only be called localhost. Throws StartupError for the first fault.
 */
export function assertProfile(facts: ProfileFacts): void {
  if (facts.profile === 'development') assertLocal(facts);
  else assertProduction(facts);
}

function assertLocal({ certificate }: ProfileFacts): void {
  const names = hostNamesOf(certificate.pem);
  if (names.length === 0 || names.some((name) => name !== 'DNS:localhost')) {
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
  const certificates = readCertificates(pem);
  if (certificates === undefined) {
    return [new StartupError([setting], 'holds something else than whole certificates')];
  }
  const marked = certificates.some((one) => isMarkedForDevelopment(one.raw));
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

function readCertificates(pem: string): ReturnType<typeof certificatesIn> | undefined {
  try {
    return certificatesIn(pem);
  } catch {
    return undefined;
  }
}

/** The names of the own certificate by which a host is called: all but the URI, which names the service. */
function hostNamesOf(pem: string): string[] {
  const [own] = readCertificates(pem) ?? [];
  const names = (own?.subjectAltName ?? '').split(', ');
  return names.filter((name) => name !== '' && !name.startsWith('URI:'));
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
    /\.(?:localhost|localdomain|local|internal|home\.arpa)$/.test(host)
  );
}
