import { parseVerifierKey } from '../note/verifier-key.ts';
import type { SignatureType, VerifierKey } from '../note/verifier-key.ts';
import { Policy } from './policy.ts';
import type { OriginRule, PolicyKey } from './policy.ts';
import { malformedPolicy, policyLines } from './policy-lines.ts';
import type { PolicyLine } from './policy-lines.ts';
import { QuorumNames } from './quorum.ts';
import type { Quorum } from './quorum.ts';

type Draft = {
  logs: PolicyKey[];
  witnesses: Map<string, PolicyKey>;
  names: QuorumNames;
  quorum: Quorum | undefined;
};

const READERS: Record<string, (words: readonly string[], draft: Draft) => void> = {
  log: readLog,
  witness: readWitness,
  group: readGroup,
  quorum: readQuorum,
};

/**
 * Reads a C2SP tlog-policy file: lines `log <vkey> [url]`, `witness <name> <vkey> [url]`,
 * `group <name> <all|any|k> <name>…` and exactly one `quorum <name|none>`.
 * Throws NoteError `malformed-policy`, or `malformed-key` for a vkey that is not one. Stricter than the
 * specification: the file is UTF-8.
 */
export function parsePolicy(
  text: string,
  { origins = 'key-name' }: { origins?: OriginRule } = {},
): Policy {
  const draft: Draft = {
    logs: [],
    witnesses: new Map(),
    names: new QuorumNames(),
    quorum: undefined,
  };
  for (const line of policyLines(text)) readerOf(line)(line.words, draft);
  if (draft.quorum === undefined) throw malformedPolicy('exactly one quorum line is needed');
  return new Policy({ ...draft, quorum: draft.quorum, origins });
}

function readerOf({ keyword }: PolicyLine): (words: readonly string[], draft: Draft) => void {
  const reader = Object.hasOwn(READERS, keyword) ? READERS[keyword] : undefined;
  if (reader === undefined) throw malformedPolicy('a line begins with a known keyword');
  return reader;
}

function readLog(words: readonly string[], { logs }: Draft): void {
  const [vkey, url] = wordsOf(words, 1, 2);
  logs.push(newKey({ vkey, url, type: 'ed25519', known: logs }));
}

function readWitness(words: readonly string[], { witnesses, names }: Draft): void {
  const [name = '', vkey, url] = wordsOf(words, 2, 3);
  names.defineWitness(name);
  const known = [...witnesses.values()];
  witnesses.set(name, newKey({ vkey, url, type: 'cosignature-v1', known }));
}

function readGroup(words: readonly string[], { names }: Draft): void {
  const [name = '', threshold = '', ...members] = wordsOf(words, 3, Number.POSITIVE_INFINITY);
  names.defineGroup(name, threshold, members);
}

function readQuorum(words: readonly string[], draft: Draft): void {
  const [name = ''] = wordsOf(words, 1, 1);
  if (draft.quorum !== undefined) throw malformedPolicy('exactly one quorum line is needed');
  draft.quorum = draft.names.quorum(name);
}

function wordsOf(words: readonly string[], least: number, most: number): readonly string[] {
  if (words.length < least || words.length > most) {
    throw malformedPolicy('a line has the number of words its keyword asks for');
  }
  return words;
}

type KeyWords = {
  vkey: string | undefined;
  url: string | undefined;
  type: SignatureType;
  known: readonly PolicyKey[];
};

function newKey({ vkey = '', url, type, known }: KeyWords): PolicyKey {
  const key = parseVerifierKey(vkey);
  if (key.type !== type) throw malformedPolicy('a key has the signature type of its role');
  if (known.some((other) => isSameKey(other.key, key))) {
    throw malformedPolicy('a public key stands once, whatever its names');
  }
  return { key, url };
}

function isSameKey(a: VerifierKey, b: VerifierKey): boolean {
  return a.publicKey.equals(b.publicKey);
}
