import { formatSignatureLine, parseNote } from '../note/note-text.ts';
import { NoteError } from '../transparency-log-error.ts';

/**
 * One note of notes over the same checkpoint, with every signature line that any of them has, once: a log's
 * checkpoint as each witness cosigned it becomes one that a quorum of several accepts. Verifies no signature.
 * Throws NoteError `malformed-note` for notes of different texts, and for none.
 */
export function joinCosignatures(notes: readonly string[]): string {
  const parsed = notes.map((note) => parseNote(note));
  const [first] = parsed;
  if (first === undefined || parsed.some(({ text }) => text !== first.text))
    throw new NoteError('malformed-note', 'not notes over one checkpoint');
  const lines = new Set(parsed.flatMap(({ signatures }) => signatures.map(formatSignatureLine)));
  return `${first.text}\n${[...lines].join('')}`;
}
