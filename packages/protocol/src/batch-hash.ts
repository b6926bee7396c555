import { isUuid, uuidBytes } from '@mnv/core';
import { appendLeaves, leafHash, rootOf } from '@mnv/transparency-log';

/** A larger disposal is several batches. */
export const MAX_BATCH_RECORDS = 50_000;

const HASH_BYTES = 32;

/**
 * What approvers approve: the Merkle root (RFC 6962) over the ids of the records, 16 bytes each, in order;
 * base64url. Throws a TypeError unless the ids are 1 to 50,000 distinct canonical UUIDs.
 */
export function batchHashOf(recordIds: readonly string[]): string {
  const distinct = new Set(recordIds).size === recordIds.length;
  const countable = recordIds.length >= 1 && recordIds.length <= MAX_BATCH_RECORDS;
  if (!distinct || !countable || !recordIds.every(isUuid))
    throw new TypeError('a batch has 1 to 50,000 distinct record ids');
  return merkleRoot(recordIds.map((id) => uuidBytes(id)));
}

/**
 * What an epoch announces: the Merkle root over the hashes of its batches, 32 bytes each, in order; base64url.
 * That of no batch, a rotation's, is the hash of nothing. Throws a TypeError for what is no batch hash.
 */
export function manifestHashOf(batchHashes: readonly string[]): string {
  const leaves = batchHashes.map((text) => Buffer.from(text, 'base64url'));
  if (leaves.some(({ length }) => length !== HASH_BYTES))
    throw new TypeError('a batch hash has 32 bytes');
  return merkleRoot(leaves);
}

function merkleRoot(leaves: readonly Uint8Array[]): string {
  const hashes = leaves.map((leaf) => leafHash(leaf));
  return Buffer.from(rootOf(appendLeaves(0, [], hashes))).toString('base64url');
}
