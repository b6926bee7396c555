import { equalBytes } from '../equal-bytes.ts';
import { verifyConsistency } from '../merkle/verify-consistency.ts';
import { parseCheckpoint } from '../note/checkpoint.ts';
import type { Checkpoint } from '../note/checkpoint.ts';
import { parseNote } from '../note/note-text.ts';
import { openNote } from '../note/open-note.ts';
import type { VerifierKey } from '../note/verifier-key.ts';
import { TransparencyLogError } from '../transparency-log-error.ts';
import { parseAddCheckpoint } from './add-checkpoint.ts';
import type { AddCheckpoint } from './add-checkpoint.ts';

/** What a witness knows of a log: its pinned keys, and the head cosigned last if there is one. */
export type WitnessedLog = {
  readonly keys: readonly (VerifierKey | string)[];
  readonly head?: { readonly size: number; readonly root: Uint8Array };
};

/**
 * What to answer by C2SP tlog-witness. `cosign`: in one atomic step, if the head cosigned last is still
 * the one judged, make `head` the last one, durably; then answer 200 with the cosignature of `checkpoint`.
 * `conflict`: answer 409 with `knownSize` as formatTreeSize writes it.
 */
export type Judgement =
  | { readonly verdict: 'cosign'; readonly head: Checkpoint; readonly checkpoint: string }
  | { readonly verdict: 'conflict'; readonly status: 409; readonly knownSize: number }
  | { readonly verdict: 'refuse'; readonly status: 400 | 403 | 404 | 422 };

type Claim = AddCheckpoint & { readonly head: Checkpoint };

/** Judges the body of an add-checkpoint request. `findLog` answers undefined for a log not witnessed. */
export async function judgeAddCheckpoint(
  body: string,
  findLog: (origin: string) => Promise<WitnessedLog | undefined>,
): Promise<Judgement> {
  const claim = readClaim(body);
  if (claim === undefined) return { verdict: 'refuse', status: 400 };
  const log = await findLog(claim.head.origin);
  if (log === undefined) return { verdict: 'refuse', status: 404 };
  if (!isSignedBy(log.keys, claim.checkpoint)) return { verdict: 'refuse', status: 403 };
  return judgeHistory(claim, log.head);
}

function judgeHistory(claim: Claim, known: WitnessedLog['head']): Judgement {
  const { oldSize, head, checkpoint } = claim;
  const knownSize = known?.size ?? 0;
  if (oldSize > head.size) return { verdict: 'refuse', status: 400 };
  if (oldSize !== knownSize) return { verdict: 'conflict', status: 409, knownSize };
  if (known?.size === head.size && !equalBytes(known.root, head.root)) {
    return { verdict: 'conflict', status: 409, knownSize };
  }
  if (!extendsKnown(claim, known)) return { verdict: 'refuse', status: 422 };
  return { verdict: 'cosign', head, checkpoint };
}

/** Every tree extends the one without entries: there the specification asks for an empty proof. */
function extendsKnown({ head, proof }: Claim, known: WitnessedLog['head']): boolean {
  if (known === undefined || known.size === 0) return proof.length === 0;
  const [size1, root1, size2, root2] = [known.size, known.root, head.size, head.root];
  return verifyConsistency({ size1, root1, size2, root2, proof });
}

function readClaim(body: string): Claim | undefined {
  return readOrRefuse(() => {
    const request = parseAddCheckpoint(body);
    return { ...request, head: parseCheckpoint(parseNote(request.checkpoint).text) };
  });
}

function isSignedBy(keys: WitnessedLog['keys'], checkpoint: string): boolean {
  return readOrRefuse(() => openNote(checkpoint, keys)) !== undefined;
}

/** The value, or undefined where the log's rules were broken. Any other error is a fault and passes. */
function readOrRefuse<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TransparencyLogError) return undefined;
    throw error;
  }
}
