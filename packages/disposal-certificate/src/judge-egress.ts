import { decodeEntry } from '@mnv/protocol';
import type { AccessEntry } from '@mnv/protocol';
import { openTileLog } from '@mnv/transparency-log';
import type { AcceptedCheckpoint, FetchFile, Policy, TileLog } from '@mnv/transparency-log';
import type { CertificateItem, DisposalCertificate } from './certificate-format.ts';
import { judging, notChecked } from './findings.ts';
import type { ClaimVerdict, Judging } from './findings.ts';
import { CLOCK_TOLERANCE_MS } from './judge-order.ts';
import { LoggedReleases, recipientKey } from './logged-releases.ts';
import type { ProvenEntries } from './proven-entries.ts';

type AccessLog = { readonly fetch: FetchFile; readonly policy: Policy };
type Egress = CertificateItem['egress'];

/**
 * P5: what the certificate says of the releases. By itself it can only be found to contradict itself; whether it
 * is true and whole, the tenant's access log tells.
 */
export async function judgeEgress(
  certificate: DisposalCertificate,
  proven: ProvenEntries | undefined,
  accessLog?: AccessLog,
): Promise<ClaimVerdict> {
  const judge = judging('P5');
  const latest = proven ? proven.erased.t + CLOCK_TOLERANCE_MS : Number.POSITIVE_INFINITY;
  for (const { recordId, egress } of certificate.items)
    judge.expect(isConsistent(egress, latest), 'egress-inconsistent', recordId);
  const note = accessLog && (await compareWithLog(judge, certificate, accessLog));
  const judged = judge.verdict(note);
  return judged.verdict === 'FAIL' || accessLog !== undefined ? judged : notChecked('P5', NO_LOG);
}

const NO_LOG = {
  ja: '署名された記載であり、それ自体に矛盾はない。アクセス記録は与えられていない。',
  en: 'Stated under the signature, and consistent in itself. No access log was given.',
};

function isConsistent(
  { releases, numbers, firstAt, lastAt, recipients }: Egress,
  latest: number,
): boolean {
  const sum = recipients.reduce((all, one) => all + one.count, 0);
  const names = new Set(recipients.map(({ act, sub }) => recipientKey(act, sub)));
  if (sum !== numbers || names.size !== recipients.length) return false;
  if (firstAt === null || lastAt === null)
    return firstAt === lastAt && releases === 0 && numbers === 0;
  return releases > 0 && firstAt <= lastAt && Date.parse(lastAt) <= latest;
}

async function compareWithLog(
  judge: Judging,
  { items, tenantId }: DisposalCertificate,
  { fetch, policy }: AccessLog,
): Promise<{ ja: string; en: string } | undefined> {
  const log = await openTileLog(fetch, (note) => policy.verify(note)).catch(() => undefined);
  const logged = new LoggedReleases(items.map(({ recordId }) => recordId));
  if (log === undefined) {
    judge.find('log-unreadable');
    return undefined;
  }
  const last = await readAll(judge, log, (entry, index) => {
    if (entry.ten !== tenantId) judge.find('log-other', String(index));
    logged.see(entry);
  });
  for (const item of items) compareItem(judge, item, logged);
  const until = new Date(last).toISOString();
  return {
    ja: `アクセス記録（${until} まで、${log.checkpoint.size}件）と照合した。`,
    en: `Compared with the access log, ${log.checkpoint.size} entries until ${until}.`,
  };
}

/** Answers the time of the last entry. */
async function readAll(
  judge: Judging,
  log: TileLog<AcceptedCheckpoint>,
  see: (entry: AccessEntry, index: number) => void,
): Promise<number> {
  let index = 0;
  let last = 0;
  try {
    for await (const bytes of log.entries()) {
      const entry = decodeEntry(bytes);
      last = entry.t;
      see(entry, index);
      index += 1;
    }
  } catch {
    judge.find('log-unreadable', String(index));
  }
  if (index === 0) judge.find('nothing-checked');
  return last;
}

function compareItem(
  judge: Judging,
  { recordId, egress: { recipients } }: CertificateItem,
  logged: LoggedReleases,
): void {
  const stated = new Map(recipients.map(({ act, sub, count }) => [recipientKey(act, sub), count]));
  const counted = logged.of(recordId);
  for (const [recipient, { delivered }] of counted)
    judge.expect((stated.get(recipient) ?? 0) >= delivered, 'egress-incomplete', recordId);
  for (const [recipient, count] of stated)
    judge.expect((counted.get(recipient)?.announced ?? 0) >= count, 'egress-unlogged', recordId);
}
