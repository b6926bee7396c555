import { NoteError } from '../transparency-log-error.ts';
import { formatSignatureLine, parseNote, parseSignatureLines } from '../note/note-text.ts';
import { openNote } from '../note/open-note.ts';
import { parseVerifierKey } from '../note/verifier-key.ts';
import type { VerifierKey } from '../note/verifier-key.ts';

/**
 * The checkpoint note with the cosignatures of pinned witnesses from a witness's answer; lines of
 * other keys are left out. Throws NoteError `signature-invalid` if a pinned witness's line does not
 * hold for this checkpoint, `unsigned` if none of the lines is of a pinned witness.
 */
export function addCosignatures(
  checkpoint: string,
  answer: string,
  witnesses: readonly (VerifierKey | string)[],
): string {
  const { text } = parseNote(checkpoint);
  const pinned = witnesses.map(asWitnessKey);
  const lines = parseSignatureLines(answer)
    .filter((line) => pinned.some((key) => key.name === line.name && key.keyId === line.keyId))
    .map(formatSignatureLine)
    .filter((line) => !checkpoint.includes(`\n${line}`));
  if (lines.length === 0) throw new NoteError('unsigned', 'no pinned witness cosigned');
  openNote(`${text}\n${lines.join('')}`, pinned);
  return checkpoint + lines.join('');
}

function asWitnessKey(witness: VerifierKey | string): VerifierKey {
  const key = typeof witness === 'string' ? parseVerifierKey(witness) : witness;
  if (key.type !== 'cosignature-v1') {
    throw new NoteError('malformed-key', 'a witness key is of type cosignature/v1');
  }
  return key;
}
