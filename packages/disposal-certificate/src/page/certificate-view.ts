import { decodeControlEntry } from '@mnv/protocol';
import type { DisposalCertificate } from '../certificate-format.ts';
import { asBytes } from '../certificate-map.ts';
import { mayLackIn, mayLackNote } from '../may-lack.ts';

/** A label in both languages, Japanese first. */
export type Label = { ja: string; en: string };
export type Fact = { label: Label; value: string };
/** A step of the disposal: where it stands in the control log, when (ms), and who did it if a person did. */
export type Step = { label: Label; index: number; at: number | undefined; who: string | undefined };
/** Somebody whom numbers went to: how often, and of how many records. */
export type RecipientSum = { act: string; sub: string; numbers: number; records: number };

/** What a certificate says, in the order in which a person reads it. Says nothing of whether it is true. */
export type CertificateView = {
  facts: Fact[];
  steps: Step[];
  recipients: RecipientSum[];
  /** Records that no release row of the vault names. */
  unreleased: number;
  /** That releases may be missing, where the certificate says so. */
  mayLack: Label | undefined;
};

export function viewOf(certificate: DisposalCertificate): CertificateView {
  const mayLack = mayLackIn(certificate);
  return {
    facts: factsOf(certificate),
    steps: stepsOf(certificate),
    recipients: recipientsOf(certificate),
    unreleased: certificate.items.filter(({ egress }) => egress.releases === 0).length,
    mayLack: mayLack && mayLackNote(mayLack),
  };
}

const label = (ja: string, en: string): Label => ({ ja, en });

function factsOf(certificate: DisposalCertificate): Fact[] {
  const { issuer, tenantId, deployment, epoch, batch } = certificate;
  const named = (name: string | null, id: string) => (name === null ? id : `${name} (${id})`);
  return [
    { label: label('証明書番号', 'certificate'), value: certificate.certificateId },
    { label: label('委託元', 'controller'), value: named(issuer.controller, tenantId) },
    { label: label('委託先', 'processor'), value: named(issuer.processor, deployment) },
    { label: label('案件', 'case'), value: certificate.caseId },
    { label: label('廃棄番号', 'disposal'), value: certificate.disposalId },
    { label: label('対象', 'records'), value: `個人番号 / Individual Numbers: ${batch.count}` },
    { label: label('方法', 'method'), value: methodOf(certificate) },
    { label: label('消去の回', 'epoch'), value: String(epoch.number) },
    { label: label('根の版', 'root'), value: `${epoch.rootFrom} → ${epoch.rootTo}` },
    { label: label('発行', 'issued'), value: inBothZones(Date.parse(certificate.issuedAt)) },
  ];
}

/** A cryptographic erase is complete when no key is left that opens copies: an old root version is such a key. */
function methodOf({ roots, epoch }: DisposalCertificate): string {
  const wasOldLeft = roots.some((root) => root.epoch < epoch.number);
  return wasOldLeft
    ? '鍵を包む鍵の取替え。発行時には消去前の根の版が残っており、暗号技術による消去（NIST SP 800-88 CE）は完了していなかった。媒体は消去していない / replacement of wrapping keys; a root version from before existed at the issue, so the cryptographic erase (NIST SP 800-88 CE) was not complete then; media not sanitised'
    : '鍵を包む鍵の取替えと、保管者の言葉による古い根の版の破棄（NIST SP 800-88 CE に倣う）。媒体は消去していない / replacement of wrapping keys, and destruction of the old root versions by the word of their custodian (after NIST SP 800-88 CE); media not sanitised';
}

function stepsOf({ indices, people, log }: DisposalCertificate): Step[] {
  const [first, second] = people.approved;
  const steps: [Label, number | undefined, { sub: string } | undefined][] = [
    [label('依頼', 'requested'), indices.requested, people.requested],
    [label('承認', 'approved'), indices.approved[0], first],
    [label('承認', 'approved'), indices.approved[1], second],
    [label('消去の予告', 'intent'), indices.intent, undefined],
    [label('新しい根の作成', 'root created'), indices.rootCreated, undefined],
    [label('切替え', 'flipped'), indices.flipped, undefined],
    [label('遮断', 'fenced'), indices.fenced, undefined],
    [label('消去の完了', 'erased'), indices.erased, undefined],
  ];
  return steps.map(([name, index = -1, person]) => ({
    label: name,
    index,
    at: timeOf(log.entries.find((entry) => entry.index === index)?.entry),
    who: person?.sub,
  }));
}

/** The entry may be anything that fits the format: whether it is an entry is for the verifier to say. */
function timeOf(entry: string | undefined): number | undefined {
  try {
    return entry === undefined ? undefined : decodeControlEntry(asBytes(entry)).t;
  } catch {
    return undefined;
  }
}

function recipientsOf({ items }: DisposalCertificate): RecipientSum[] {
  const sums = new Map<string, RecipientSum>();
  for (const { egress } of items)
    for (const { act, sub, count } of egress.recipients) {
      const key = JSON.stringify([act, sub]);
      const sum = sums.get(key) ?? { act, sub, numbers: 0, records: 0 };
      sum.numbers += count;
      sum.records += 1;
      sums.set(key, sum);
    }
  return [...sums.values()].toSorted((a, b) => b.numbers - a.numbers);
}

const JAPAN_MS = 9 * 60 * 60 * 1000;

/** Japanese time first, as the reader counts days; UTC as the logs do. */
export function inBothZones(at: number | undefined): string {
  return at === undefined ? '—' : `${inJapan(at)} (${new Date(at).toISOString()})`;
}

/** To the second. */
export function inJapan(at: number): string {
  const japan = new Date(at + JAPAN_MS).toISOString();
  return `${japan.slice(0, 10)} ${japan.slice(11, 19)} JST`;
}
