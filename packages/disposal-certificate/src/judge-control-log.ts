import { decodeControlEntry } from '@mnv/protocol';
import type { ControlEntry } from '@mnv/protocol';
import { openTileLog } from '@mnv/transparency-log';
import type { AcceptedCheckpoint, FetchFile, Policy, TileLog } from '@mnv/transparency-log';
import type { ReadCertificate } from './certificate-jws.ts';
import { digestOfCertificate } from './certificate-jws.ts';
import { controlAutomaton } from './control-automaton.ts';
import { judging } from './findings.ts';
import type { ClaimVerdict, Judging } from './findings.ts';
import { CLOCK_TOLERANCE_MS } from './judge-order.ts';
import type { ProvenEntries } from './proven-entries.ts';
import type { LoggedRoot } from './root-rules.ts';

type Replay = { claim: ClaimVerdict; roots?: readonly LoggedRoot[] };

/** P6: the whole control log, from its tiles, entry by entry, as the continuation of the certificate's checkpoint. */
export async function judgeControlLog(
  read: ReadCertificate,
  proven: ProvenEntries | undefined,
  { fetch, policy }: { fetch: FetchFile; policy: Policy },
): Promise<Replay> {
  const judge = judging('P6');
  const log = await openLog(fetch, { policy, origin: read.certificate.log.origin });
  if (log === undefined) judge.find('log-unreadable');
  if (proven === undefined) judge.find('entry-unproven');
  if (log === undefined || proven === undefined) return { claim: judge.verdict() };
  if (!(await judgeContinuation(judge, log, proven))) return { claim: judge.verdict() };
  return replay(read, log, judge);
}

async function openLog(
  fetch: FetchFile,
  { policy, origin }: { policy: Policy; origin: string },
): Promise<TileLog<AcceptedCheckpoint> | undefined> {
  return openTileLog(fetch, (note) => policy.verify(note, { origin })).catch(() => undefined);
}

async function judgeContinuation(
  judge: Judging,
  log: TileLog<AcceptedCheckpoint>,
  { checkpoint }: ProvenEntries,
): Promise<boolean> {
  if (!judge.expect(log.checkpoint.size >= checkpoint.size, 'log-older')) return false;
  const extended = await log.extends(checkpoint).catch(() => false);
  return judge.expect(extended, 'log-contradicts');
}

async function replay(
  read: ReadCertificate,
  log: TileLog<AcceptedCheckpoint>,
  judge: Judging,
): Promise<Replay> {
  const { indices, epoch } = read.certificate;
  const automaton = controlAutomaton((code, index) => judge.find(code, String(index)), {
    intentIndex: indices.intent,
    batches: epoch.manifest.leaves,
  });
  const issue = watchForIssue(read, judge);
  const restores = watchForRestores(read, judge);
  let last = 0;
  const see = (entry: ControlEntry, index: number): void => {
    if (entry.t < last) judge.find('clock-went-back', String(index));
    last = entry.t;
    automaton.judge(entry, index);
    issue.see(entry);
    restores.see(entry);
  };
  await readAll(log, judge, see);
  restores.judge();
  return { claim: judge.verdict(issue.note(last)), roots: automaton.roots() };
}

async function readAll(
  log: TileLog<AcceptedCheckpoint>,
  judge: Judging,
  see: (entry: ControlEntry, index: number) => void,
): Promise<void> {
  let index = 0;
  try {
    for await (const bytes of log.entries()) {
      const entry = decoded(bytes);
      judge.expect(entry !== undefined, 'entry-malformed', String(index));
      if (entry) see(entry, index);
      index += 1;
    }
  } catch {
    judge.find('log-unreadable', String(index));
  }
}

/** A certificate is handed out once its issue is recorded. A copy of the log may be from before that. */
function watchForIssue({ jws, certificate }: ReadCertificate, judge: Judging) {
  const digest = digestOfCertificate(jws);
  let recorded = false;
  return {
    see: (entry: ControlEntry): void => {
      const isIssue = entry.op === 'certificate.issued' && entry.certificate === digest;
      if (isIssue) recorded = judge.expect(entry.batch === certificate.batch.hash, 'entry-differs');
    },
    note: (last: number): { ja: string; en: string } | undefined => {
      if (recorded) return undefined;
      if (last > Date.parse(certificate.issuedAt)) judge.find('issue-unrecorded');
      return {
        ja: '与えられた統制記録は発行より前の写しであり、発行の記録は確かめられない。',
        en: 'The control log given is a copy from before the issue: whether it is recorded was not checked.',
      };
    },
  };
}

/** Nobody excuses missing releases by a restore that two persons did not reconcile at that time. */
function watchForRestores({ certificate }: ReadCertificate, judge: Judging) {
  const stated = new Set(certificate.items.flatMap(({ egress }) => egress.mayLackBefore ?? []));
  const reconciled: number[] = [];
  return {
    see: ({ op, t }: ControlEntry): void => {
      if (op === 'restore.reconciled') reconciled.push(t);
    },
    judge: (): void => {
      for (const instant of stated) {
        const isNear = (t: number) => Math.abs(t - Date.parse(instant)) <= CLOCK_TOLERANCE_MS;
        judge.expect(reconciled.some(isNear), 'restore-unlogged', instant);
      }
    },
  };
}

function decoded(bytes: Uint8Array): ControlEntry | undefined {
  try {
    return decodeControlEntry(bytes);
  } catch {
    return undefined;
  }
}
