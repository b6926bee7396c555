import { dekCommitment } from './commitments.ts';
import type { ErasedSlot, ErasurePlan } from './erasure-plan.ts';
import { putHash } from './fresh-node.ts';
import { isEmptySecret, secretAt } from './opened-nodes.ts';
import { RADIX } from './place.ts';
import { slotHash } from './slot-hash.ts';

export type SlotsToErase = {
  readonly plan: ErasurePlan;
  readonly tenantId: string;
  readonly positions: readonly number[];
  readonly secrets: Buffer;
  readonly slotHashes: Buffer;
};

/**
 * Zeroes slots of a leaf in clear and marks them ERASED. A slot without a key stays as it is: ERASED is
 * terminal, and what was never given out cannot be erased.
 */
export function eraseSlots({
  plan,
  tenantId,
  positions,
  secrets,
  slotHashes,
}: SlotsToErase): ErasedSlot[] {
  return positions.flatMap((position) => {
    const slot = position % RADIX;
    const dek = secretAt(secrets, slot);
    if (isEmptySecret(dek)) return [];
    const commitment = dekCommitment(tenantId, position, dek);
    const { epoch: erasedEpoch, intentIndex } = plan;
    const erased = { position, dekCommitment: commitment };
    putHash(slotHashes, slot, slotHash({ state: 'erased', ...erased, erasedEpoch, intentIndex }));
    dek.fill(0);
    return [{ tenantId, ...erased }];
  });
}
