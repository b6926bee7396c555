import type { KeyObject } from 'node:crypto';
import type { Policy } from '@mnv/transparency-log';
import { buildCertificate } from './build-certificate.ts';
import type { CertificateSources } from './build-certificate.ts';
import { digestOfCertificate, signCertificate } from './certificate-jws.ts';
import type { ClaimVerdict } from './findings.ts';
import { verifyCertificate } from './verify-certificate.ts';

/** What was built does not verify: it is not handed out, and nothing is recorded of it. */
export class UnverifiableCertificateError extends Error {
  override readonly name = 'UnverifiableCertificateError';

  readonly claims: readonly ClaimVerdict[];

  constructor(claims: readonly ClaimVerdict[]) {
    const failed = claims.filter(({ verdict }) => verdict === 'FAIL');
    const codes = failed.map(({ id, findings }) => [id, ...findings.map(({ code }) => code)]);
    super(`the certificate does not verify: ${codes.map((each) => each.join(' ')).join(', ')}`);
    this.claims = claims;
  }
}

/**
 * Builds and signs a certificate, and verifies it as an auditor will before it leaves. `digest` is what
 * `certificate.issued` records of it; it is handed out only then.
 */
export async function issueCertificate(
  sources: CertificateSources,
  { privateKey, policy }: { privateKey: KeyObject; policy: Policy },
): Promise<{ jws: string; digest: string }> {
  const jws = await signCertificate(await buildCertificate(sources), privateKey);
  const { tenantId } = sources.head;
  const { ok, claims } = await verifyCertificate(jws, { policy, tenantId });
  if (!ok) throw new UnverifiableCertificateError(claims);
  return { jws, digest: digestOfCertificate(jws) };
}
