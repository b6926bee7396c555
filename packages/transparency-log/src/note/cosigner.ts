import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { parseCheckpoint } from './checkpoint.ts';
import { cosignedMessage, formatCosignature } from './cosigned-message.ts';
import { formatSignatureLine, parseNote } from './note-text.ts';
import { formatVerifierKey, verifierKeyFrom } from './verifier-key.ts';

/** Makes cosignature lines under one name. */
export type Cosigner = {
  readonly name: string;
  readonly keyId: string;
  /** The signature line, with its newline, for the checkpoint note at `timestamp` (POSIX seconds). */
  readonly cosign: (checkpoint: string, timestamp: number) => string;
};

/** A fresh Ed25519 key of a witness, and the vkey (type 0x04) that its verifiers pin. */
export function newWitnessKey(name: string): { privateKey: KeyObject; vkey: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { privateKey, vkey: witnessVerifierKey(name, privateKey) };
}

/** The vkey (type 0x04) of a witness's Ed25519 key, private or public. */
export function witnessVerifierKey(name: string, key: KeyObject): string {
  return formatVerifierKey(verifierKeyFrom(name, 'cosignature-v1', key));
}

/**
 * Cosigns by C2SP tlog-cosignature v1. The message does not name the cosigner: one key, one cosigner.
 * Only a note whose text is a checkpoint is cosigned; whether it is consistent the caller has checked.
 */
export function cosigner(name: string, privateKey: KeyObject): Cosigner {
  const { keyId } = verifierKeyFrom(name, 'cosignature-v1', privateKey);
  function cosign(checkpoint: string, timestamp: number): string {
    if (!Number.isSafeInteger(timestamp) || timestamp < 0) {
      throw new RangeError('a cosignature time is whole POSIX seconds');
    }
    const { text } = parseNote(checkpoint);
    parseCheckpoint(text);
    const signature = sign(null, Buffer.from(cosignedMessage(text, timestamp)), privateKey);
    return formatSignatureLine({
      name,
      keyId,
      signature: formatCosignature({ timestamp, signature }),
    });
  }
  return { name, keyId, cosign };
}
