import { HASH_LENGTH } from '../merkle/hash.ts';
import { isCount } from '../merkle/tree-shape.ts';
import { decodeHash, encodeBase64 } from '../note/base64.ts';
import { parseDecimal } from '../note/decimal.ts';
import { parseNote } from '../note/note-text.ts';
import { TransparencyLogError } from '../transparency-log-error.ts';

/** What a log sends to a witness: what the witness cosigned last, and the way from there. */
export type AddCheckpoint = {
  readonly oldSize: number;
  /** Consistency proof from `oldSize`; empty when that is 0 or the size of the checkpoint. */
  readonly proof: readonly Uint8Array[];
  /** The checkpoint note, verbatim. */
  readonly checkpoint: string;
};

const OLD = 'old ';
const MAX_PROOF_LENGTH = 63;

/** The body of `POST <prefix>/add-checkpoint` (C2SP tlog-witness). */
export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): string {
  const isProof = proof.every((hash) => hash.length === HASH_LENGTH);
  if (!isCount(oldSize) || !isProof || proof.length > MAX_PROOF_LENGTH) throw malformed();
  parseNote(checkpoint);
  return `${[`${OLD}${oldSize}`, ...proof.map(encodeBase64)].join('\n')}\n\n${checkpoint}`;
}

/** Reads such a body. Verifies nothing: see judgeAddCheckpoint. Throws TransparencyLogError. */
export function parseAddCheckpoint(body: string): AddCheckpoint {
  const separator = body.indexOf('\n\n');
  if (separator < 0) throw malformed();
  const [old = '', ...lines] = body.slice(0, separator).split('\n');
  const oldSize = old.startsWith(OLD) ? parseDecimal(old.slice(OLD.length)) : undefined;
  if (oldSize === undefined || lines.length > MAX_PROOF_LENGTH) throw malformed();
  const checkpoint = body.slice(separator + 2);
  parseNote(checkpoint);
  return { oldSize, proof: lines.map(requireHash), checkpoint };
}

/** The body of the 409 answer: the size that the witness cosigned last, as `text/x.tlog.size`. */
export function formatTreeSize(size: number): string {
  if (!isCount(size)) throw malformed();
  return `${size}\n`;
}

/** Reads the body of a 409 answer; undefined if it is none. */
export function parseTreeSize(body: string): number | undefined {
  return body.endsWith('\n') ? parseDecimal(body.slice(0, -1)) : undefined;
}

function requireHash(line: string): Uint8Array {
  const hash = decodeHash(line);
  if (hash === undefined) throw malformed();
  return hash;
}

function malformed(): TransparencyLogError {
  return new TransparencyLogError('malformed-witness-message', 'not an add-checkpoint message');
}
