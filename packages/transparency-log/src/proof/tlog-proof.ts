import { HASH_LENGTH } from '../merkle/hash.ts';
import { isCount } from '../merkle/tree-shape.ts';
import { decodeBase64, decodeHash, encodeBase64 } from '../note/base64.ts';
import { parseDecimal } from '../note/decimal.ts';
import { parseNote } from '../note/note-text.ts';
import { TransparencyLogError } from '../transparency-log-error.ts';

/** What C2SP tlog-proof@v1 says of an entry: where it stands, and the signed checkpoint over it. */
export type TlogProof = {
  readonly index: number;
  /** Inclusion proof, from the leaf's sibling up. */
  readonly proof: readonly Uint8Array[];
  /** The checkpoint note, verbatim. */
  readonly checkpoint: string;
  /** Opaque and not authenticated: whoever uses it verifies it by itself. */
  readonly extra?: Uint8Array;
};

const HEADER = 'c2sp.org/tlog-proof@v1';
const EXTRA = 'extra ';
const INDEX = 'index ';
// A tree of 2^53 entries has no longer path.
const MAX_PROOF_LENGTH = 53;

/** The text of a proof. Throws TransparencyLogError for parts that cannot be written. */
export function formatTlogProof({ index, proof, checkpoint, extra }: TlogProof): string {
  if (!isCount(index) || proof.some((hash) => hash.length !== HASH_LENGTH)) throw malformed();
  parseNote(checkpoint);
  const extraLine = extra === undefined ? [] : [EXTRA + encodeBase64(extra)];
  const lines = [HEADER, ...extraLine, `${INDEX}${index}`, ...proof.map(encodeBase64)];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/**
 * Reads a proof. Verifies nothing: see verifyTlogProof. Throws TransparencyLogError `malformed-proof`
 * or NoteError `malformed-note`.
 */
export function parseTlogProof(text: string): TlogProof {
  const separator = text.indexOf('\n\n');
  if (separator < 0) throw malformed();
  const checkpoint = text.slice(separator + 2);
  parseNote(checkpoint);
  const lines = text.slice(0, separator).split('\n');
  if (lines.shift() !== HEADER) throw malformed();
  const extra = lines[0]?.startsWith(EXTRA) ? parseExtra(lines.shift()) : undefined;
  const index = parseIndex(lines.shift());
  const proof = parseHashes(lines);
  return { index, proof, checkpoint, ...(extra && { extra }) };
}

function parseExtra(line = ''): Uint8Array {
  const extra = decodeBase64(line.slice(EXTRA.length));
  if (extra === undefined) throw malformed();
  return extra;
}

function parseIndex(line = ''): number {
  const index = line.startsWith(INDEX) ? parseDecimal(line.slice(INDEX.length)) : undefined;
  if (index === undefined) throw malformed();
  return index;
}

function parseHashes(lines: readonly string[]): Uint8Array[] {
  if (lines.length > MAX_PROOF_LENGTH) throw malformed();
  return lines.map((line) => {
    const hash = decodeHash(line);
    if (hash === undefined) throw malformed();
    return hash;
  });
}

function malformed(): TransparencyLogError {
  return new TransparencyLogError('malformed-proof', 'not a well-formed proof of logging');
}
