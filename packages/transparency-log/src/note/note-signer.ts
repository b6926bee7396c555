import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { NoteError } from '../transparency-log-error.ts';
import { formatSignatureLine, isPlainText } from './note-text.ts';
import { formatVerifierKey, verifierKeyFrom } from './verifier-key.ts';

/** Signs the text of a note under one name. `keyId` is eight lower-case hexadecimal digits. */
export type NoteSigner = {
  readonly name: string;
  readonly keyId: string;
  readonly sign: (text: string) => Uint8Array;
};

/** A fresh Ed25519 key of a log, and the vkey that its verifiers pin. */
export function newLogKey(name: string): { privateKey: KeyObject; vkey: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { privateKey, vkey: logVerifierKey(name, privateKey) };
}

/** The vkey (type 0x01) of a log's Ed25519 key, private or public. */
export function logVerifierKey(name: string, key: KeyObject): string {
  return formatVerifierKey(verifierKeyFrom(name, 'ed25519', key));
}

/** Signs notes as they stand (signature type 0x01) with an Ed25519 private key. */
export function noteSigner(name: string, privateKey: KeyObject): NoteSigner {
  const { keyId } = verifierKeyFrom(name, 'ed25519', privateKey);
  return { name, keyId, sign: (text) => sign(null, Buffer.from(text), privateKey) };
}

/**
 * The note: text, empty line, one signature line per signer. The text ends in a newline.
 * Throws NoteError for a text that cannot be a note's, and without any signer.
 */
export function signNote(text: string, signers: readonly NoteSigner[]): string {
  if (!text.endsWith('\n') || !isPlainText(text)) {
    throw new NoteError('malformed-note', 'the text cannot be signed as a note');
  }
  if (signers.length === 0) throw new NoteError('unsigned', 'a note needs at least one signer');
  const lines = signers.map(({ name, keyId, sign: signText }) =>
    formatSignatureLine({ name, keyId, signature: signText(text) }),
  );
  return `${text}\n${lines.join('')}`;
}
