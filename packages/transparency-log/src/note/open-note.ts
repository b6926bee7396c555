import { NoteError } from '../transparency-log-error.ts';
import { parseNote } from './note-text.ts';
import type { SignatureLine } from './note-text.ts';
import { parseVerifierKey } from './verifier-key.ts';
import type { VerifierKey } from './verifier-key.ts';
import { checkSignature } from './verify-signature.ts';

/** One pinned key that signed the note. */
export type VerifiedSignature = {
  readonly name: string;
  readonly keyId: string;
  /** POSIX seconds, for a cosignature. */
  readonly timestamp?: number;
};

/** The text of a note that at least one pinned key signed. `verified` names every such key once. */
export type OpenedNote = { readonly text: string; readonly verified: readonly VerifiedSignature[] };

/**
 * Opens a signed note against pinned keys, given as vkeys or parsed. Signatures of other keys are
 * ignored, also when they share the name or the id of a pinned key, but not both.
 * Throws NoteError: `malformed-note`, `malformed-key`, `no-verifier` (nothing pinned, or two keys
 * under one name and id), `signature-invalid` (one signature of a pinned key does not hold),
 * `unsigned` (no pinned key signed). Source: C2SP signed-note, "Signatures".
 */
export function openNote(
  note: string | Uint8Array,
  verifiers: readonly (VerifierKey | string)[],
): OpenedNote {
  const pinned = pinnedKeys(verifiers);
  const { text, signatures } = parseNote(note);
  const verified = new Map<string, VerifiedSignature>();
  for (const line of signatures) {
    const key = pinned.get(identityOf(line));
    // Every signature of a pinned key must hold, and repeated ones count once.
    if (key !== undefined) addVerified(verified, key, verifyLine(key, text, line));
  }
  if (verified.size === 0) throw new NoteError('unsigned', 'no pinned key signed the note');
  return { text, verified: [...verified.values()] };
}

function pinnedKeys(verifiers: readonly (VerifierKey | string)[]): Map<string, VerifierKey> {
  const keys = verifiers.map((key) => (typeof key === 'string' ? parseVerifierKey(key) : key));
  const pinned = new Map(keys.map((key) => [identityOf(key), key]));
  if (pinned.size === 0 || pinned.size !== keys.length) {
    throw new NoteError('no-verifier', 'pin at least one key, each under its own name and id');
  }
  return pinned;
}

function verifyLine(key: VerifierKey, text: string, line: SignatureLine): VerifiedSignature {
  const facts = checkSignature(key, text, line.signature);
  if (facts === undefined) {
    throw new NoteError('signature-invalid', 'a signature of a pinned key does not hold');
  }
  return { name: key.name, keyId: key.keyId, ...facts };
}

/** Of several cosignatures by one key the latest time stands. */
function addVerified(
  verified: Map<string, VerifiedSignature>,
  key: VerifierKey,
  signature: VerifiedSignature,
): void {
  const known = verified.get(identityOf(key))?.timestamp ?? -1;
  if ((signature.timestamp ?? 0) > known) verified.set(identityOf(key), signature);
}

function identityOf({ name, keyId }: { name: string; keyId: string }): string {
  return `${name}+${keyId}`;
}
