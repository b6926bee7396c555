import { randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { COMMITMENT_BYTES, TAG_BYTES, openCommitting, sealCommitting } from './committing-aead.ts';
import { sha256, writeLengthPrefixed, writeU64 } from './field-encoding.ts';
import { UnopenableError } from './unopenable-error.ts';

const HEADER = Buffer.of(1, 2);
const LABEL = Buffer.from('mnv/doc/v1', 'latin1');
const MAGIC = Buffer.from('mnv2', 'latin1');
const NONCE_END = 14;
const SHORTEST = NONCE_END + COMMITMENT_BYTES + TAG_BYTES + 1;

/** What a sealed copy of a document is bound to: immutable ids only, as a sealed number is. */
export type DocumentAad = {
  readonly deployment: string;
  readonly tenantId: string;
  /** Canonical UUIDs. */
  readonly recordId: string;
  readonly documentId: string;
  /** Of the record's key. */
  readonly position: number;
};

/**
 * Seals a copy of a document under the key of its record: whatever erases that key ends the copy as well. The key
 * is derived anew for each seal, from a label of its own, so that neither meets the other.
 * `01 ‖ 02 ‖ nonce12 ‖ commitment32 ‖ ciphertext ‖ tag16`.
 */
export function sealDocument(
  sealing: { dek: KeyObject; aad: DocumentAad },
  content: Uint8Array,
): Buffer {
  const nonce = randomBytes(12);
  const context = contextOf(nonce, sealing.aad);
  return Buffer.concat([
    HEADER,
    nonce,
    sealCommitting({ key: sealing.dek, context, nonce }, content),
  ]);
}

/** The copy; the caller wipes it. Throws {@link UnopenableError}. */
export function openDocument(opening: { dek: KeyObject; aad: DocumentAad }, blob: Buffer): Buffer {
  if (blob.length < SHORTEST || !blob.subarray(0, 2).equals(HEADER)) throw new UnopenableError();
  const nonce = blob.subarray(2, NONCE_END);
  const context = contextOf(nonce, opening.aad);
  return openCommitting({ key: opening.dek, context, nonce }, blob.subarray(NONCE_END));
}

function contextOf(nonce: Buffer, aad: DocumentAad): Buffer {
  return Buffer.concat([LABEL, nonce, sha256(aadBytes(aad))]);
}

function aadBytes({ deployment, tenantId, recordId, documentId, position }: DocumentAad): Buffer {
  const texts = 4 + Buffer.byteLength(deployment) + Buffer.byteLength(tenantId);
  const bytes = Buffer.allocUnsafe(MAGIC.length + texts + 40);
  let at = MAGIC.copy(bytes);
  at = writeLengthPrefixed(bytes, deployment, at);
  at = writeLengthPrefixed(bytes, tenantId, at);
  for (const id of [recordId, documentId]) {
    if (bytes.write(id.replaceAll('-', ''), at, 'hex') !== 16) throw new UnopenableError();
    at += 16;
  }
  writeU64(bytes, position, at);
  return bytes;
}
