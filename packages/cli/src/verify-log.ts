import type { AcceptedCheckpoint, Checkpoint, FetchFile, Policy } from '@mnv/transparency-log';
import { isControlOrigin, makeControlEntryRules } from './control-entry-rules.ts';
import { makeEntryRules } from './entry-rules.ts';
import type { EntryTally } from './entry-rules.ts';
import { makeFindings } from './log-findings.ts';
import type { Finding } from './log-findings.ts';
import { recomputeTree } from './recompute-tree.ts';

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
} & EntryTally;

/**
 * Verifies a whole log, an access log or the control log, offline, from its tiles: the checkpoint against the policy, every entry read
 * again and hashed into the tree anew, every hash tile, the form and the order of the entries, and that an
 * earlier checkpoint, if one was kept, is a beginning of this log. A log without entries is not verified.
 * @throws Error when there is no checkpoint, or none that the policy accepts
 */
export async function verifyLog(options: {
  fetch: FetchFile;
  policy: Policy;
  known?: Checkpoint;
}): Promise<LogVerification> {
  const checkpoint = await trustedCheckpoint(options);
  const findings = makeFindings();
  const makeRules = isControlOrigin(checkpoint.origin) ? makeControlEntryRules : makeEntryRules;
  const rules = makeRules(findings);
  const known = knownWithin(options.known, checkpoint, findings);
  const { checked, root } = await recomputeTree({
    fetch: options.fetch,
    size: checkpoint.size,
    findings,
    onEntry: rules.judge,
    onGap: rules.skip,
    known,
    onKnownRoot: (knownRoot) => {
      if (known && knownRoot && !same(knownRoot, known.root)) {
        const detail = 'An earlier checkpoint has another root: history was rewritten.';
        findings.add({ code: 'known-checkpoint-contradicted', index: known.size, detail });
      }
    },
  });
  if (root === undefined) {
    findings.add({ code: 'root-unproven', detail: 'Too much is missing to compute the root.' });
  } else if (!same(root, checkpoint.root)) {
    findings.add({
      code: 'root-differs',
      detail: 'The entries are not those the checkpoint signs.',
    });
  }
  if (checked === 0)
    findings.add({ code: 'nothing-checked', detail: 'The log has no entry to check.' });
  return verification(
    checkpoint,
    { checked, findings: findings.kept, total: findings.total() },
    rules.tally(),
  );
}

async function trustedCheckpoint({
  fetch,
  policy,
}: {
  fetch: FetchFile;
  policy: Policy;
}): Promise<AcceptedCheckpoint> {
  const note = await fetch('checkpoint');
  if (note === undefined) throw new Error('There is no checkpoint: this is not a log.');
  try {
    return policy.verify(note);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown reason';
    throw new Error(`The checkpoint is not accepted: ${reason}.`, { cause: error });
  }
}

/** A checkpoint seen earlier must be of this log and not beyond it: a log never shrinks. */
function knownWithin(
  known: Checkpoint | undefined,
  checkpoint: Checkpoint,
  findings: ReturnType<typeof makeFindings>,
): Checkpoint | undefined {
  if (known === undefined || known.size === 0) return undefined;
  if (known.origin !== checkpoint.origin)
    throw new Error('The known checkpoint is of another log.');
  if (known.size <= checkpoint.size) return known;
  const detail = `A checkpoint of ${known.size} entries was seen before: entries were cut off.`;
  findings.add({ code: 'known-checkpoint-ahead', index: checkpoint.size, detail });
  return undefined;
}

function verification(
  { origin, size, root, cosigned }: AcceptedCheckpoint,
  judged: { checked: number; findings: Finding[]; total: number },
  tally: EntryTally,
): LogVerification {
  return {
    ok: judged.total === 0 && judged.checked === size,
    origin,
    size,
    root: Buffer.from(root).toString('base64'),
    witnesses: cosigned.map(({ witness }) => witness),
    expected: size,
    checked: judged.checked,
    missing: size - judged.checked,
    findings: judged.findings,
    findingsInAll: judged.total,
    ...tally,
  };
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
