import type { CertificateItem, DisposalCertificate } from './certificate-format.ts';
import { judging, notChecked } from './findings.ts';
import type { ClaimVerdict } from './findings.ts';
import { CLOCK_TOLERANCE_MS } from './judge-order.ts';
import type { ProvenEntries } from './proven-entries.ts';

/**
 * P5: what the certificate says of the releases. By itself it can only be found to contradict itself: whether
 * it is true and whole is for the access log to tell.
 */
export function judgeEgress(
  { items }: DisposalCertificate,
  proven: ProvenEntries | undefined,
): ClaimVerdict {
  const judge = judging('P5');
  const latest = proven ? proven.erased.t + CLOCK_TOLERANCE_MS : Number.POSITIVE_INFINITY;
  for (const { recordId, egress } of items)
    judge.expect(isConsistent(egress, latest), 'egress-inconsistent', recordId);
  const judged = judge.verdict();
  if (judged.verdict === 'FAIL') return judged;
  return notChecked('P5', {
    ja: '署名された記載であり、それ自体に矛盾はない。アクセス記録は与えられていない。',
    en: 'Stated under the signature, and consistent in itself. No access log was given.',
  });
}

function isConsistent(egress: CertificateItem['egress'], latest: number): boolean {
  const { releases, numbers, firstAt, lastAt, recipients } = egress;
  const sum = recipients.reduce((all, one) => all + one.count, 0);
  const names = new Set(recipients.map(({ act, sub }) => JSON.stringify([act, sub])));
  if (sum !== numbers || names.size !== recipients.length) return false;
  if (firstAt === null || lastAt === null)
    return firstAt === lastAt && releases === 0 && numbers === 0;
  return releases > 0 && firstAt <= lastAt && Date.parse(lastAt) <= latest;
}
