import { randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { openCommitting, sealCommitting } from './committing-aead.ts';
import { sha256, writeLengthPrefixed, writeU64 } from './field-encoding.ts';
import { BLOCK_BYTES } from './number-block.ts';
import { UnopenableError } from './unopenable-error.ts';

/** `01 ‖ 01 ‖ nonce12 ‖ commitment32 ‖ ciphertext32 ‖ tag16`. */
export const RECORD_BLOB_BYTES = 2 + 12 + 32 + BLOCK_BYTES + 16;

const HEADER = Buffer.of(1, 1);
const LABEL = Buffer.from('mnv/rec/v1', 'latin1');
const MAGIC = Buffer.from('mnv1', 'latin1');
const NONCE_END = 14;

/**
 * What a sealed record is bound to: immutable ids only. An epoch, key id or purpose in here would make the
 * rows of an old backup impossible to join with the current tree.
 */
export type RecordAad = {
  readonly deployment: string;
  readonly tenantId: string;
  /** Canonical UUID. */
  readonly recordId: string;
  readonly position: number;
  readonly field: 'individual-number';
  readonly schema: 1;
};

/** Seals one 32-byte block under the record's own key, once; copies of documents are sealed under it beside. */
export function sealRecord(sealing: {
  dek: KeyObject;
  aad: RecordAad;
  plaintextBlock: Buffer;
}): Buffer {
  if (sealing.plaintextBlock.length !== BLOCK_BYTES) throw new RangeError('a block is 32 bytes');
  const nonce = randomBytes(12);
  const context = contextOf(nonce, sealing.aad);
  const sealed = sealCommitting({ key: sealing.dek, context, nonce }, sealing.plaintextBlock);
  return Buffer.concat([HEADER, nonce, sealed]);
}

/** The 32-byte block; the caller wipes it. Throws {@link UnopenableError}. */
export function openRecord(opening: { dek: KeyObject; aad: RecordAad; blob: Buffer }): Buffer {
  const { dek, aad, blob } = opening;
  if (blob.length !== RECORD_BLOB_BYTES || !blob.subarray(0, 2).equals(HEADER)) {
    throw new UnopenableError();
  }
  const nonce = blob.subarray(2, NONCE_END);
  return openCommitting(
    { key: dek, context: contextOf(nonce, aad), nonce },
    blob.subarray(NONCE_END),
  );
}

/** The bound ids enter the key derivation, and so the commitment: any change of one changes both. */
function contextOf(nonce: Buffer, aad: RecordAad): Buffer {
  return Buffer.concat([LABEL, nonce, sha256(aadBytes(aad))]);
}

function aadBytes({ deployment, tenantId, recordId, position, field, schema }: RecordAad): Buffer {
  const texts = 6 + Buffer.byteLength(deployment) + Buffer.byteLength(tenantId) + field.length;
  const bytes = Buffer.allocUnsafe(MAGIC.length + texts + 25);
  let at = MAGIC.copy(bytes);
  at = writeLengthPrefixed(bytes, deployment, at);
  at = writeLengthPrefixed(bytes, tenantId, at);
  if (bytes.write(recordId.replaceAll('-', ''), at, 'hex') !== 16) throw new UnopenableError();
  writeU64(bytes, position, at + 16);
  at = writeLengthPrefixed(bytes, field, at + 24);
  bytes.writeUInt8(schema, at);
  return bytes;
}
