import { decodeEntry } from '@mnv/protocol';
import type { AccessEntry } from '@mnv/protocol';
import { openTileLog } from '@mnv/transparency-log';
import type { AcceptedCheckpoint, FetchFile, Policy, TileLog } from '@mnv/transparency-log';
import type { CertificateItem, DisposalCertificate } from './certificate-format.ts';
import {
  LOG_ENDS_BEFORE,
  NONE_LACKING,
  joined,
  lackingNote,
  mayLackIn,
  mayLackNote,
  mayLackUntil,
} from './may-lack.ts';
import { judging, notChecked } from './findings.ts';
import type { ClaimVerdict, Judging } from './findings.ts';
import { CLOCK_TOLERANCE_MS } from './judge-order.ts';
import { LoggedReleases, recipientKey } from './logged-releases.ts';
import type { ProvenEntries } from './proven-entries.ts';

type AccessLog = { readonly fetch: FetchFile; readonly policy: Policy };
type Egress = CertificateItem['egress'];
type Note = { ja: string; en: string };
/** `isWhole`: the log reaches as far as the certificate may lack something, and it lacks nothing. */
type Compared = { note: Note; lacking: Note | undefined; isWhole: boolean };

/**
 * P5: what the certificate says of the releases. By itself it can only be found to contradict itself; whether it
 * is true and whole, the tenant's access log tells. What it says it may lack is told beside the verdict, and is
 * no fault: but with releases that only the log knows, or a log that ends too early, it is no PASS either.
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
  const compared = accessLog && (await compareWithLog(judge, certificate, accessLog));
  const mayLack = mayLackIn(certificate);
  const lack = mayLack && mayLackNote(mayLack);
  const judged = judge.verdict(compared && joined(compared.note, lack, compared.lacking));
  if (judged.verdict === 'FAIL') return judged;
  if (!compared) return notChecked('P5', joined(NO_LOG, lack));
  return compared.isWhole ? judged : { ...judged, verdict: 'NOT CHECKED' };
}

const NO_LOG = {
  ja: '署名された記載であり、それ自体に矛盾はない。アクセス記録は与えられていない。',
  en: 'Stated under the signature, and consistent in itself. No access log was given.',
};

function isConsistent(egress: Egress, latest: number): boolean {
  const { releases, numbers, firstAt, lastAt, recipients } = egress;
  if (mayLackUntil(egress) > latest) return false;
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
): Promise<Compared | undefined> {
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
  const lacking = items.map((item) => compareItem(judge, item, logged)).filter((one) => one > 0);
  const until = new Date(last).toISOString();
  const note = {
    ja: `アクセス記録（${until} まで、${log.checkpoint.size}件）と照合した。`,
    en: `Compared with the access log, ${log.checkpoint.size} entries until ${until}.`,
  };
  const endsBefore = items.some(({ egress }) => mayLackUntil(egress) > last);
  return { note, ...judgeLack(items, lacking, endsBefore) };
}

function judgeLack(
  items: DisposalCertificate['items'],
  lacking: readonly number[],
  endsBefore: boolean,
): Omit<Compared, 'note'> {
  if (mayLackIn({ items }) === undefined) return { lacking: undefined, isWhole: true };
  const releases = lacking.reduce((all, one) => all + one, 0);
  const told = releases > 0 ? lackingNote({ records: lacking.length, releases }) : NONE_LACKING;
  const lack = joined(endsBefore ? LOG_ENDS_BEFORE : undefined, told);
  return { lacking: lack, isWhole: releases === 0 && !endsBefore };
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

/** Answers how many releases the log knows that the certificate lacks and says it may lack. */
function compareItem(
  judge: Judging,
  { recordId, egress }: CertificateItem,
  logged: LoggedReleases,
): number {
  const { recipients } = egress;
  const stated = new Map(recipients.map(({ act, sub, count }) => [recipientKey(act, sub), count]));
  const counted = logged.of(recordId, { since: mayLackUntil(egress) + CLOCK_TOLERANCE_MS });
  let lacking = 0;
  for (const [recipient, { delivered, deliveredSince }] of counted) {
    const count = stated.get(recipient) ?? 0;
    if (judge.expect(count >= deliveredSince, 'egress-incomplete', recordId))
      lacking += Math.max(0, delivered - count);
  }
  for (const [recipient, count] of stated)
    judge.expect((counted.get(recipient)?.announced ?? 0) >= count, 'egress-unlogged', recordId);
  return lacking;
}
