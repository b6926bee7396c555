import { CLAIMS } from '@mnv/disposal-certificate';
import type {
  CertificateVerification,
  ClaimVerdict,
  DisposalCertificate,
  Verdict,
} from '@mnv/disposal-certificate';
import { displayWidth } from './display-width.ts';

const WORDS: Record<Verdict, string> = {
  PASS: '合格 PASS',
  FAIL: '不合格 FAIL',
  'NOT CHECKED': '未確認 NOT CHECKED',
};
const MARGIN = ' '.repeat(4);
const TEXTS = new Map<string, { ja: string; en: string }>(
  [...CLAIMS.proved, ...CLAIMS.conditional, ...CLAIMS.notProvable].map((claim) => [
    claim.id,
    claim,
  ]),
);

/** What was found out, claim by claim, Japanese first. There is no word for the whole: only for each claim. */
export function certificateInWords({
  certificate,
  digest,
  claims,
}: CertificateVerification): string {
  const lines = [
    ...(certificate
      ? headOf(certificate, digest)
      : ['廃棄証明書ではない / not a disposal certificate']),
    '',
    ...claims.flatMap(linesOf),
    summaryOf(claims),
    'ここに述べるのは、各主張についての結果だけである。未確認の主張については何も述べない。',
    'Each line speaks of its own claim alone; nothing is said of a claim that was not checked.',
  ];
  return `${lines.join('\n')}\n`;
}

function headOf(certificate: DisposalCertificate, digest = ''): string[] {
  const { certificateId, stage, tenantId, caseId, batch, epoch, issuedAt, people } = certificate;
  const [first, second] = people.approved;
  const facts: [string, string][] = [
    ['廃棄証明書 / disposal certificate', certificateId],
    ['委託元 / tenant', tenantId],
    ['案件 / case', caseId],
    ['件数 / records', String(batch.count)],
    [
      '段階 / stage',
      `${stage}（消去済み。復元不可能とは述べない / erased; not said to be irrecoverable）`,
    ],
    ['消去の回 / epoch', `${epoch.number} (${epoch.rootFrom} → ${epoch.rootTo})`],
    ['依頼 / requested by', people.requested.sub],
    ['承認 / approved by', `${first?.sub ?? ''}, ${second?.sub ?? ''}`],
    ['発行 / issued', issuedAt],
    ['SHA-256', digest],
  ];
  const width = Math.max(...facts.map(([label]) => displayWidth(label)));
  return facts.map(([label, value]) => `${padded(label, width)}  ${value}`);
}

function linesOf({ id, verdict, checked, findings, findingsInAll, note }: ClaimVerdict): string[] {
  const text = TEXTS.get(id);
  const width = Math.max(...Object.values(WORDS).map(displayWidth));
  const indent = ' '.repeat(width) + MARGIN;
  return [
    `${padded(WORDS[verdict], width)}  ${id}`,
    `${indent}${text?.ja ?? ''}`,
    `${indent}${text?.en ?? ''}`,
    ...(checked > 0 ? [`${indent}確認 / checked: ${checked}`] : []),
    ...(note ? [`${indent}→ ${note.ja}`, `${indent}→ ${note.en}`] : []),
    ...findings.flatMap(({ code, ja, en, at }) => [
      `${indent}✗ ${code}${at === undefined ? '' : ` @${at}`}: ${ja}`,
      `${indent}  ${en}`,
    ]),
    ...(findingsInAll > findings.length ? [`${indent}✗ … ${findingsInAll} in all`] : []),
    '',
  ];
}

function summaryOf(claims: readonly ClaimVerdict[]): string {
  const count = (verdict: Verdict) => claims.filter((claim) => claim.verdict === verdict).length;
  const verdicts: Verdict[] = ['PASS', 'FAIL', 'NOT CHECKED'];
  return verdicts.map((verdict) => `${WORDS[verdict]} ${count(verdict)}`).join(' · ');
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(width - displayWidth(text));
}
