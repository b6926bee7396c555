import { sha256, u64, u8, writeLengthPrefixed, writeU64 } from './field-encoding.ts';
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
  const bytes = Buffer.allocUnsafe(DEK_LABEL.length + 2 + Buffer.byteLength(tenantId) + 40);
  const at = writeLengthPrefixed(bytes, tenantId, DEK_LABEL.copy(bytes));
  writeU64(bytes, position, at);
  bytes.set(dek, at + 8);
  const commitment = sha256(bytes);
  bytes.fill(0);
  return commitment;
}
