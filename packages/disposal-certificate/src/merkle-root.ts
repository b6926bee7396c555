import { growTree, leafHash } from '@mnv/transparency-log';
import { uuidBytes } from '@mnv/core';
import { asBytes, asText } from './certificate-map.ts';

/** The hash of a batch: RFC 6962 root over the record ids in order, 16 bytes each; base64url. */
export function batchHashOf(recordIds: readonly string[]): string {
  return rootOver(recordIds.map(uuidBytes));
}

/** The manifest of an intent: RFC 6962 root over its batch hashes in order, 32 bytes each; base64url. */
export function manifestOf(batchHashes: readonly string[]): string {
  return rootOver(batchHashes.map(asBytes));
}

function rootOver(leaves: readonly Uint8Array[]): string {
  return asText(
    growTree(
      0,
      [],
      leaves.map((leaf) => leafHash(leaf)),
    ).root,
  );
}
