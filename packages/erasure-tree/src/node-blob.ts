import { randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { openCommitting, sealCommitting } from './committing-aead.ts';
import { writeLengthPrefixed, writeU64 } from './field-encoding.ts';
import { RADIX } from './place.ts';
import type { Place } from './place.ts';
import { UnopenableError } from './unopenable-error.ts';

export const SECRET_BYTES = 32;
export const SECRETS_BYTES = RADIX * SECRET_BYTES;
/** `01 ‖ 01 ‖ salt32 ‖ commitment32 ‖ ciphertext2048 ‖ tag16`. */
export const NODE_BLOB_BYTES = 2 + 32 + 32 + SECRETS_BYTES + 16;

const HEADER = Buffer.of(1, 1);
const LABEL = Buffer.from('mnv/node/v1', 'latin1');
/** The derived key is used once (the salt is random), so the nonce may be constant. */
const ZERO_NONCE = Buffer.alloc(12);
const SALT_END = 34;

/** What a node blob is bound to. A blob moved to another place, tenant or deployment does not open. */
export type NodeIdentity = {
  readonly deployment: string;
  /** Empty for nodes of the S-tree. */
  readonly tenantId: string;
  readonly place: Place;
  readonly keyGeneration: number;
};

/** Seals 64 secrets of 32 bytes (zeros = no child) under a node's key. */
export function sealNode(key: KeyObject, identity: NodeIdentity, secrets: Buffer): Buffer {
  if (secrets.length !== SECRETS_BYTES) throw new RangeError('a node has 64 secrets');
  const salt = randomBytes(32);
  const sealing = { key, context: contextOf(salt, identity), nonce: ZERO_NONCE };
  return Buffer.concat([HEADER, salt, sealCommitting(sealing, secrets)]);
}

/** The 64 secrets. Throws {@link UnopenableError}; an unknown version or algorithm is refused unread. */
export function openNode(key: KeyObject, identity: NodeIdentity, blob: Buffer): Buffer {
  if (blob.length !== NODE_BLOB_BYTES || !blob.subarray(0, 2).equals(HEADER)) {
    throw new UnopenableError();
  }
  const context = contextOf(blob.subarray(2, SALT_END), identity);
  return openCommitting({ key, context, nonce: ZERO_NONCE }, blob.subarray(SALT_END));
}

/** One buffer, written once: this stands on every read of a record. */
function contextOf(salt: Buffer, identity: NodeIdentity): Buffer {
  const { deployment, tenantId, place, keyGeneration } = identity;
  const texts = 4 + Buffer.byteLength(deployment) + Buffer.byteLength(tenantId);
  const context = Buffer.allocUnsafe(LABEL.length + salt.length + texts + 21);
  let at = LABEL.copy(context);
  at += salt.copy(context, at);
  at = writeLengthPrefixed(context, deployment, at);
  at = writeLengthPrefixed(context, tenantId, at);
  writeU64(context, place.tree, at);
  context.writeUInt8(place.level, at + 8);
  writeU64(context, place.index, at + 9);
  context.writeUInt32BE(keyGeneration, at + 17);
  return context;
}
