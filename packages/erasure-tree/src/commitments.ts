import { lengthPrefixed, sha256, u64, u8 } from './field-encoding.ts';
import type { Place } from './place.ts';

const KEY_LABEL = Buffer.from('mnv/kc/v1\0', 'latin1');
const DEK_LABEL = Buffer.from('mnv/dc/v1\0', 'latin1');

/** Commits to a node's key at its place. Hiding, because the key is 256 random bits; safe to publish. */
export function keyCommitment(place: Place, key: Uint8Array): Buffer {
  return sha256(
    Buffer.concat([KEY_LABEL, u64(place.tree), u8(place.level), u64(place.index), key]),
  );
}

/** Commits to a record's key. Says nothing of the number, so it may stand in logs and certificates. */
export function dekCommitment(tenantId: string, position: number, dek: Uint8Array): Buffer {
  return sha256(Buffer.concat([DEK_LABEL, lengthPrefixed(tenantId), u64(position), dek]));
}
