import { verifyInclusion } from '../merkle/verify-inclusion.ts';
import type { Checkpoint } from '../note/checkpoint.ts';
import { TransparencyLogError } from '../transparency-log-error.ts';
import { parseTlogProof } from './tlog-proof.ts';

/** Verifies the signatures on a checkpoint note; policy.verify or openCheckpoint with its key bound. */
export type OpenCheckpoint<Opened extends Checkpoint = Checkpoint> = (note: string) => Opened;

/**
 * Verifies that the entry of this leaf hash is in a log that `open` trusts, and answers where.
 * Throws TransparencyLogError `malformed-proof`, `inclusion-unproven`, or what `open` throws.
 */
export function verifyTlogProof<Opened extends Checkpoint>(
  text: string,
  { leafHash, open }: { leafHash: Uint8Array; open: OpenCheckpoint<Opened> },
): { index: number; checkpoint: Opened } {
  const { index, proof, checkpoint: note } = parseTlogProof(text);
  const checkpoint = open(note);
  const { size, root } = checkpoint;
  if (!verifyInclusion({ index, size, leafHash, root, proof })) {
    throw new TransparencyLogError('inclusion-unproven', 'the entry is not in the tree');
  }
  return { index, checkpoint };
}
