import { createSecretKey, randomFillSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { dekCommitment } from './commitments.ts';
import { putHash } from './fresh-node.ts';
import { SECRET_BYTES } from './node-blob.ts';
import { secretAt } from './opened-nodes.ts';
import { RADIX } from './place.ts';
import { slotHash } from './slot-hash.ts';

/** A new position of a tenant and its record key, which seals one record and nothing else. */
export type Allocation = { readonly position: number; readonly key: KeyObject };

/** A leaf in clear. */
export type LeafInClear = {
  readonly tenantId: string;
  readonly leaf: number;
  readonly secrets: Buffer;
  readonly slotHashes: Buffer;
};

/** Puts fresh record keys into consecutive slots of a leaf in clear. */
export function fillSlots(
  { tenantId, leaf, secrets, slotHashes }: LeafInClear,
  { from, count }: { from: number; count: number },
): Allocation[] {
  randomFillSync(secrets, from * SECRET_BYTES, count * SECRET_BYTES);
  return Array.from({ length: count }, (_, at) => {
    const slot = from + at;
    const position = leaf * RADIX + slot;
    const dek = secretAt(secrets, slot);
    const commitment = dekCommitment(tenantId, position, dek);
    putHash(slotHashes, slot, slotHash({ state: 'live', position, dekCommitment: commitment }));
    return { position, key: createSecretKey(dek) };
  });
}
