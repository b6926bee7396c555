import { equalBytes } from '../equal-bytes.ts';
import { EMPTY_ROOT, HASH_LENGTH } from '../merkle/hash.ts';
import { isCount } from '../merkle/tree-shape.ts';
import { NoteError } from '../transparency-log-error.ts';
import { decodeHash, encodeBase64 } from './base64.ts';
import { parseDecimal } from './decimal.ts';
import { isPlainText } from './note-text.ts';
import { openNote } from './open-note.ts';
import { parseVerifierKey } from './verifier-key.ts';
import type { VerifierKey } from './verifier-key.ts';

/** The head of a log's tree: which log, how many entries, and the root over them. */
export type Checkpoint = {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
};

/** The note text of a checkpoint (C2SP tlog-checkpoint), without extension lines. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  if (!isOrigin(origin) || !isCount(size) || root.length !== HASH_LENGTH) throw malformed();
  return `${origin}\n${size}\n${encodeBase64(root)}\n`;
}

/**
 * Reads a note text as a checkpoint; extension lines are allowed and dropped. Verifies no signature.
 * Throws NoteError `malformed-checkpoint`, also for a tree without entries whose root is not that of one.
 */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.slice(0, -1).split('\n');
  if (!text.endsWith('\n') || !isPlainText(text) || lines.includes('')) throw malformed();
  const [origin, size, root] = lines;
  return { origin: origin ?? '', ...parseTree(size, root) };
}

/**
 * The checkpoint of a note signed by the log's pinned key. The origin must be exactly `origin`, which is
 * the key's name unless given. Throws NoteError as {@link openNote} does, or `origin-mismatch`.
 */
export function openCheckpoint(
  note: string | Uint8Array,
  vkey: string | VerifierKey,
  origin?: string,
): Checkpoint {
  const key = typeof vkey === 'string' ? parseVerifierKey(vkey) : vkey;
  if (key.type !== 'ed25519') {
    throw new NoteError('malformed-key', 'a cosigner’s key cannot speak for a log');
  }
  const checkpoint = parseCheckpoint(openNote(note, [key]).text);
  if (checkpoint.origin !== (origin ?? key.name)) {
    throw new NoteError('origin-mismatch', 'the checkpoint is of another log');
  }
  return checkpoint;
}

function parseTree(sizeLine = '', rootLine = ''): Omit<Checkpoint, 'origin'> {
  const size = parseDecimal(sizeLine);
  const root = decodeHash(rootLine);
  if (size === undefined || root === undefined) throw malformed();
  if (size === 0 && !equalBytes(root, EMPTY_ROOT)) throw malformed();
  return { size, root };
}

function isOrigin(origin: string): boolean {
  return origin.length > 0 && !origin.includes('\n') && isPlainText(origin);
}

function malformed(): NoteError {
  return new NoteError('malformed-checkpoint', 'not a well-formed checkpoint');
}
