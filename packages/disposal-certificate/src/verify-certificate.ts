import type { FetchFile, Policy } from '@mnv/transparency-log';
import type { DisposalCertificate } from './certificate-format.ts';
import {
  MalformedCertificateError,
  digestOfCertificate,
  isSignedUnder,
  readCertificate,
} from './certificate-jws.ts';
import type { ReadCertificate } from './certificate-jws.ts';
import { CLAIMS } from './claims.ts';
import { judging, notChecked } from './findings.ts';
import type { ClaimVerdict } from './findings.ts';
import { judgeBatch } from './judge-batch.ts';
import { judgeConditions } from './judge-conditions.ts';
import { judgeControlLog } from './judge-control-log.ts';
import { judgeEgress } from './judge-egress.ts';
import { judgeMaps } from './judge-maps.ts';
import { judgeOrder } from './judge-order.ts';

/**
 * What was found out about each claim. `ok`: nothing failed, and everything that a certificate proves by itself
 * was checked. It is no statement about claims that were not checked, and none about the conditional ones.
 */
export type CertificateVerification = {
  readonly ok: boolean;
  readonly claims: readonly ClaimVerdict[];
  /** What `certificate.issued` records; undefined when the file is no certificate. */
  readonly digest?: string;
  readonly certificate?: DisposalCertificate;
};

export type VerificationMeans = {
  /** From another hand than the certificate: names the certificate key, the logs and the witnesses. */
  readonly policy: Policy;
  /** The tenant it must be for, if the verifier knows. */
  readonly tenantId?: string;
  /** The control log (tlog-tiles), to be replayed as a whole. */
  readonly controlLog?: FetchFile;
  /** The tenant's access log, to compare the releases with. */
  readonly accessLog?: FetchFile;
};

/** What a certificate proves with the trust policy alone. */
const BY_ITSELF = ['P0', 'P1', 'P2', 'P3', 'P4'];

/** Verifies a certificate offline; attacker-controlled. Every claim gets a verdict of its own, and none is left out. */
export async function verifyCertificate(
  file: string | Uint8Array,
  means: VerificationMeans,
): Promise<CertificateVerification> {
  const read = readOrFault(file);
  if (read instanceof MalformedCertificateError) return { ok: false, claims: nothingRead(read) };
  const { certificate, jws } = read;
  const claims = await judgeAll(read, means);
  const verdictOf = (id: string) => claims.find((claim) => claim.id === id)?.verdict;
  const ok =
    claims.every(({ verdict }) => verdict !== 'FAIL') &&
    BY_ITSELF.every((id) => verdictOf(id) === 'PASS');
  return { ok, claims, digest: digestOfCertificate(jws), certificate };
}

async function judgeAll(read: ReadCertificate, means: VerificationMeans): Promise<ClaimVerdict[]> {
  const { certificate } = read;
  const issued = await judgeIssuer(read, means);
  const { claim: order, proven } = judgeOrder(certificate, means.policy);
  const { policy, controlLog, accessLog } = means;
  const replayed =
    controlLog && (await judgeControlLog(read, proven, { fetch: controlLog, policy }));
  return [
    issued,
    order,
    ...judgeMaps(certificate, proven),
    judgeBatch(certificate, proven),
    await judgeEgress(certificate, proven, accessLog && { fetch: accessLog, policy }),
    replayed?.claim ?? notChecked('P6', NO_LOG),
    ...judgeConditions(certificate, replayed?.roots),
  ];
}

const NO_LOG = {
  ja: '統制記録は与えられていない。',
  en: 'No control log was given.',
};

/** The claim itself speaks of the signature, which is not what fails. */
const SIGNED_FOR_ANOTHER = {
  ja: '署名と形式は正しい。指定された委託元が、証明書の委託元と異なる。',
  en: 'Signature and form are right; the tenant that was named is not the one of the certificate.',
};

async function judgeIssuer(
  read: ReadCertificate,
  { policy, tenantId }: VerificationMeans,
): Promise<ClaimVerdict> {
  const judge = judging('P0');
  const isSigned = judge.expect(await isSignedUnder(read, policy), 'signature-invalid');
  const isForTenant = tenantId === undefined || tenantId === read.certificate.tenantId;
  judge.expect(isForTenant, 'tenant-differs');
  return judge.verdict(isSigned && !isForTenant ? SIGNED_FOR_ANOTHER : undefined);
}

function readOrFault(file: string | Uint8Array): ReadCertificate | MalformedCertificateError {
  try {
    return readCertificate(file);
  } catch (error) {
    if (error instanceof MalformedCertificateError) return error;
    throw error;
  }
}

/** Every claim is named even when there is nothing to judge. */
function nothingRead({ at }: MalformedCertificateError): ClaimVerdict[] {
  const judge = judging('P0');
  judge.find('malformed', at);
  const note = { ja: '証明書を読めない。', en: 'There is no certificate to judge.' };
  const [, ...others] = [...CLAIMS.proved, ...CLAIMS.conditional, ...CLAIMS.notProvable];
  return [judge.verdict(), ...others.map(({ id }) => notChecked(id, note))];
}
