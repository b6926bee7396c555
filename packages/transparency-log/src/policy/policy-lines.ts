import { NoteError } from '../transparency-log-error.ts';

/** The words of one line of a policy file that means something. */
export type PolicyLine = { readonly keyword: string; readonly words: readonly string[] };

const MAX_CHARACTERS = 1_000_000;
// oxlint-disable-next-line no-control-regex -- refusing control characters is the point
const FORBIDDEN_CHARACTER = /[\u0000-\u0008\u000b-\u001f\u007f]/;
const WHITESPACE = /[ \t]+/;

/** Splits a policy file into lines and words, without empty lines and comments. */
export function policyLines(text: string): PolicyLine[] {
  if (text.length > MAX_CHARACTERS || FORBIDDEN_CHARACTER.test(text) || !text.isWellFormed()) {
    throw malformedPolicy('a character that a policy file cannot hold');
  }
  return text.split('\n').flatMap((line) => {
    const [keyword, ...words] = line.split(WHITESPACE).filter((word) => word !== '');
    return keyword === undefined || keyword.startsWith('#') ? [] : [{ keyword, words }];
  });
}

/** A policy that is not one. The message names the rule, never the line. */
export function malformedPolicy(rule: string): NoteError {
  return new NoteError('malformed-policy', `policy: ${rule}`);
}
