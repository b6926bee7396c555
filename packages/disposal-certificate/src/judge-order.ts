import { disposalActorText, opensCommitment } from '@mnv/protocol';
import type { Policy } from '@mnv/transparency-log';
import { APPROVAL_MS } from './batch-rules.ts';
import type { DisposalCertificate } from './certificate-format.ts';
import { judging } from './findings.ts';
import type { ClaimVerdict, Judging } from './findings.ts';
import { provenEntries } from './proven-entries.ts';
import type { ProvenEntries } from './proven-entries.ts';

/** Clocks of a deployment, of its witnesses and of its certificate service may differ that much. */
export const CLOCK_TOLERANCE_MS = 5 * 60 * 1000;

/** P1: what happened, in which order, by whom, and before which times. */
export function judgeOrder(
  certificate: DisposalCertificate,
  policy: Policy,
): { claim: ClaimVerdict; proven: ProvenEntries | undefined } {
  const judge = judging('P1');
  const proven = provenEntries(certificate, { policy, judge });
  if (proven === undefined) return { claim: judge.verdict(), proven };
  judgeSequence(judge, certificate, proven);
  judgeContents(judge, certificate, proven);
  judgePeople(judge, certificate, proven);
  judgeTimes(judge, certificate, proven);
  return { claim: judge.verdict(witnessNote(proven)), proven };
}

function judgeSequence(
  judge: Judging,
  { indices, log, people }: DisposalCertificate,
  proven: ProvenEntries,
): void {
  const { requested, approved, intent, rootCreated, flipped, fenced, erased } = indices;
  const order = [requested, ...approved, intent, rootCreated, flipped, fenced, erased];
  judge.expect(isAscending(order), 'order-broken');
  const listed = log.entries.map(({ index }) => index);
  judge.expect(
    listed.length === order.length && listed.every((index, at) => index === order[at]),
    'order-broken',
  );
  const named = [people.requested, ...people.approved].map(({ index }) => index);
  judge.expect(
    [requested, ...approved].every((index, at) => index === named[at]),
    'order-broken',
  );
  const times = stepsOf(proven).map(({ t }) => t);
  judge.expect(
    times.every((t, at) => at === 0 || t >= (times[at - 1] as number)),
    'order-broken',
  );
}

function judgeContents(judge: Judging, certificate: DisposalCertificate, proven: ProvenEntries) {
  const { batch, epoch } = certificate;
  const { requested, approved, intent, rootCreated, flipped, fenced, erased } = proven;
  const says = (holds: boolean, at: string) => judge.expect(holds, 'entry-differs', at);
  says(requested.batch === batch.hash && requested.cnt === batch.count, requested.op);
  for (const entry of approved) says(entry.batch === batch.hash, entry.op);
  says(intent.epoch === epoch.number && intent.root === epoch.rootFrom, intent.op);
  says(rootCreated.epoch === epoch.number && rootCreated.root === epoch.rootTo, rootCreated.op);
  says(flipped.epoch === epoch.number && flipped.root === epoch.rootTo, flipped.op);
  says(fenced.epoch === epoch.number && fenced.cnt > 0, fenced.op);
  says(erased.epoch === epoch.number && erased.cnt === intent.cnt, erased.op);
}

function judgePeople(
  judge: Judging,
  { people, tenantId }: DisposalCertificate,
  { requested, approved, intent }: ProvenEntries,
): void {
  const named = [people.requested, ...people.approved];
  for (const [at, entry] of [requested, ...approved].entries()) {
    const { iss = '', sub = '', nonce = '' } = named[at] ?? {};
    const opens = opensCommitment(
      { commitment: entry.by, nonce },
      disposalActorText({ iss, sub, tenantId }),
    );
    judge.expect(opens, 'person-unopened', entry.op);
  }
  const distinct = new Set(named.map(({ iss, sub }) => `${iss}\n${sub}`));
  judge.expect(distinct.size === named.length, 'persons-not-distinct');
  for (const { t } of approved) judge.expect(intent.t - t <= APPROVAL_MS, 'approval-expired');
}

function judgeTimes(
  judge: Judging,
  { issuedAt }: DisposalCertificate,
  { checkpoint, erased }: ProvenEntries,
): void {
  judge.expect(Date.parse(issuedAt) >= erased.t - CLOCK_TOLERANCE_MS, 'issued-before-erased');
  for (const { witness, timestamp } of checkpoint.cosigned)
    judge.expect(erased.t <= timestamp * 1000 + CLOCK_TOLERANCE_MS, 'after-witness', witness);
}

function witnessNote({ checkpoint: { cosigned } }: ProvenEntries) {
  const seen = cosigned.map(
    ({ witness, timestamp }) => `${witness} ${new Date(timestamp * 1000).toISOString()}`,
  );
  return seen.length === 0
    ? {
        ja: '証人の連署がなく、信頼方針もそれを求めていない。時刻は発行者の述べるものである。',
        en: 'No witness cosigned, and the trust policy asks for none: the times are the issuer’s own word.',
      }
    : { ja: `証人: ${seen.join(', ')}`, en: `witnessed by ${seen.join(', ')}` };
}

function stepsOf(proven: ProvenEntries) {
  const { requested, approved, intent, rootCreated, flipped, fenced, erased } = proven;
  return [requested, ...approved, intent, rootCreated, flipped, fenced, erased];
}

function isAscending(values: readonly number[]): boolean {
  return values.every((value, at) => at === 0 || value > (values[at - 1] as number));
}
