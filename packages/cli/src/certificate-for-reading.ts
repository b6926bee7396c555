import { inBothZones, viewOf } from '@mnv/disposal-certificate';
import type {
  CertificateVerification,
  DisposalCertificate,
  Label,
} from '@mnv/disposal-certificate';
import { certificateInWords } from './certificate-text.ts';
import { displayWidth } from './display-width.ts';
import { table } from './table.ts';

type Shown = { digest: string; verification?: CertificateVerification };

/** What a certificate says, as text, Japanese first. */
export function certificateForReading(
  certificate: DisposalCertificate,
  { digest, verification }: Shown,
): string {
  const { facts, steps, recipients, unreleased, mayLack } = viewOf(certificate);
  const parts = [
    '個人番号 廃棄証明書 / certificate of disposal of Individual Numbers\n',
    '段階：消去済み。復元不可能とは証明していない / stage: erased; not certified to be irrecoverable\n\n',
    aligned([
      ...facts.map(({ label, value }) => [both(label), value] as const),
      ['SHA-256', digest] as const,
    ]),
    '\n経過 / what was done\n',
    table(
      ['手続 / step', '人 / person', '日時 / time', '統制記録 / entry'],
      steps.map(({ label, who, at, index }) => [
        both(label),
        who ?? '',
        inBothZones(at),
        String(index),
      ]),
    ),
    '\n発行時に存在する根の版 / root versions that existed at the issue\n',
    rootTable(certificate),
    `\n廃棄前の開示（開示の控えのない記録 ${unreleased} 件） / releases before the disposal (${unreleased} records without a release on record)\n`,
    mayLack ? `${mayLack.ja}\n${mayLack.en}\n` : '',
    table(
      ['担当者 / person', 'システム / client', '記録数 / records', '回数 / releases'],
      recipients.map(({ sub, act, records, numbers }) => [
        sub,
        act,
        String(records),
        String(numbers),
      ]),
    ),
    '\n',
    verification
      ? certificateInWords(verification)
      : '検証していない。mynumber verify certificate で検証する / not verified: use mynumber verify certificate\n',
  ];
  return parts.join('');
}

function rootTable({ roots }: DisposalCertificate): string {
  return table(
    ['版 / version', '種類・保証 / kind, assurance', '状態 / status', '破棄予定 / planned end'],
    roots.map(({ ref, kind, assurance, status, destroyAt }) => [
      ref,
      `${kind}, ${assurance}`,
      status,
      destroyAt === null ? '—' : inBothZones(Date.parse(destroyAt)),
    ]),
  );
}

function aligned(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([label]) => displayWidth(label)));
  return rows
    .map(([label, value]) => `${label}${' '.repeat(width - displayWidth(label))}  ${value}\n`)
    .join('');
}

function both({ ja, en }: Label): string {
  return `${ja} / ${en}`;
}
