import { formatSignatureLine, parseNote } from '../note/note-text.ts';
import { NoteError } from '../transparency-log-error.ts';

/** One checkpoint under every signature that was gathered for it, and how many those are beside the first note's first. */
export type JoinedNote = { readonly note: string; readonly cosignatures: number };

/**
 * One note of notes over the same checkpoint, each with its log's signature first and the cosignatures of some
 * witnesses behind, so that a quorum of several can be met by it. Verifies no signature. Throws NoteError
 * `malformed-note` for notes of different texts, and for none.
 */
export function joinCosignatures(notes: readonly string[]): JoinedNote {
  const parsed = notes.map((note) => parseNote(note));
  const [first] = parsed;
  if (first === undefined || parsed.some(({ text }) => text !== first.text))
    throw new NoteError('malformed-note', 'not notes over one checkpoint');
  const lines = new Set(parsed.flatMap(({ signatures }) => signatures.map(formatSignatureLine)));
  return { note: `${first.text}\n${[...lines].join('')}`, cosignatures: lines.size - 1 };
}
