import type { AcceptedCheckpoint, Checkpoint, FetchFile, Policy } from '@mnv/transparency-log';
import { CommandError } from './command.ts';
import { isControlOrigin, makeControlEntryRules } from './control-entry-rules.ts';
import { makeEntryRules } from './entry-rules.ts';
import type { EntryTally } from './entry-rules.ts';
import { readExpectedReleases } from './expected-releases.ts';
import type { ExpectedReleases } from './expected-releases.ts';
import { makeKnownHeads } from './known-heads.ts';
import { makeFindings } from './log-findings.ts';
import type { Finding, Findings } from './log-findings.ts';
import { recomputeTree } from './recompute-tree.ts';
import type { RecomputedTree } from './recompute-tree.ts';
import { makeReleaseRules } from './reconcile-releases.ts';
import type { Reconciliation } from './reconcile-releases.ts';

/** What was verified, how much of it, and what is wrong. `ok` only when everything was read and nothing is. */
export type LogVerification = {
  ok: boolean;
  origin: string;
  size: number;
  /** base64. */
  root: string;
  witnesses: string[];
  expected: number;
  checked: number;
  missing: number;
  findings: Finding[];
  findingsInAll: number;
  /** With the vault's own memory of its releases, when that was given. */
  releases?: Reconciliation;
} & EntryTally;

export type VerifyLogOptions = {
  fetch: FetchFile;
  policy: Policy;
  /** A checkpoint kept from earlier. */
  known?: Checkpoint;
  /** What the vault remembers of its releases (`mynumber releases export`). */
  releasesFile?: string;
};

/**
 * Verifies a whole log, an access log or the control log, offline, from its tiles: the checkpoint against the
 * policy, every entry read again and hashed into the tree anew, every hash tile, the form and the order of the
 * entries, and that an earlier checkpoint, if one was kept, is a beginning of this log; and, with a file of
 * releases, that the log and the vault's memory say the same. A log without entries is not verified.
 * @throws Error when there is no checkpoint, or none that the policy accepts
 */
export async function verifyLog(options: VerifyLogOptions): Promise<LogVerification> {
  const checkpoint = await trustedCheckpoint(options);
  const findings = makeFindings();
  const expected = await expectedReleases(options, checkpoint, findings);
  const releases = expected && makeReleaseRules(expected, findings);
  const rules = isControlOrigin(checkpoint.origin)
    ? makeControlEntryRules(findings)
    : makeEntryRules(findings, releases?.onEntry);
  const known = makeKnownHeads([options.known, expected?.checkpoint], checkpoint, findings);
  const tree = await recomputeTree({
    fetch: options.fetch,
    size: checkpoint.size,
    findings,
    onEntry: rules.judge,
    onGap: rules.skip,
    sizes: known.sizes,
    onRoot: known.judge,
    ...(releases && { onLeaves: releases.onLeaves }),
  });
  judgeRoot(tree, checkpoint, findings);
  const reconciled = releases?.finish();
  const tally = rules.tally();
  return {
    ...verification(checkpoint, tree.checked, findings),
    ...(reconciled && { releases: reconciled }),
    ...tally,
  };
}

async function expectedReleases(
  { releasesFile, policy }: VerifyLogOptions,
  { origin }: Checkpoint,
  findings: Findings,
): Promise<ExpectedReleases | undefined> {
  if (releasesFile === undefined) return undefined;
  if (isControlOrigin(origin))
    throw new CommandError('Releases are compared with an access log, not with the control log.');
  return readExpectedReleases(releasesFile, policy, findings);
}

function judgeRoot(
  { root, checked }: RecomputedTree,
  checkpoint: Checkpoint,
  findings: Findings,
): void {
  if (root === undefined) {
    findings.add({ code: 'root-unproven', detail: 'Too much is missing to compute the root.' });
  } else if (Buffer.compare(root, checkpoint.root) !== 0) {
    const detail = 'The entries are not those the checkpoint signs.';
    findings.add({ code: 'root-differs', detail });
  }
  if (checked === 0)
    findings.add({ code: 'nothing-checked', detail: 'The log has no entry to check.' });
}

async function trustedCheckpoint({ fetch, policy }: VerifyLogOptions): Promise<AcceptedCheckpoint> {
  const note = await fetch('checkpoint');
  if (note === undefined) throw new Error('There is no checkpoint: this is not a log.');
  try {
    return policy.verify(note);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown reason';
    throw new Error(`The checkpoint is not accepted: ${reason}.`, { cause: error });
  }
}

function verification(
  { origin, size, root, cosigned }: AcceptedCheckpoint,
  checked: number,
  findings: Findings,
): Omit<LogVerification, keyof EntryTally> {
  return {
    ok: findings.total() === 0 && checked === size,
    origin,
    size,
    root: Buffer.from(root).toString('base64'),
    witnesses: cosigned.map(({ witness }) => witness),
    expected: size,
    checked,
    missing: size - checked,
    findings: findings.kept,
    findingsInAll: findings.total(),
  };
}
