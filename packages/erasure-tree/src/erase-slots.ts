import { dekCommitment } from './commitments.ts';
import type { ErasedSlot, ErasurePlan } from './erasure-plan.ts';
import { putHash } from './fresh-node.ts';
import { isEmptySecret, secretAt } from './opened-nodes.ts';
import { RADIX } from './place.ts';
import type { Place, TenantTree } from './place.ts';
import { slotHash } from './slot-hash.ts';

type LeafToErase = {
  readonly plan: ErasurePlan;
  readonly tenant: TenantTree | undefined;
  readonly place: Place;
  readonly secrets: Buffer;
  readonly slotHashes: Buffer;
};

/**
 * Zeroes the planned slots of a leaf in clear and marks them ERASED. Inner nodes have none. A slot without a
 * key stays as it is: ERASED is terminal, and what was never given out cannot be erased.
 */
export function eraseSlots({
  plan,
  tenant,
  place,
  secrets,
  slotHashes,
}: LeafToErase): ErasedSlot[] {
  if (tenant === undefined || place.level !== 0) return [];
  const { tenantId } = tenant;
  return positionsIn(plan, tenantId, place.index).flatMap((position) => {
    const slot = position % RADIX;
    const dek = secretAt(secrets, slot);
    if (isEmptySecret(dek)) return [];
    const commitment = dekCommitment(tenantId, position, dek);
    const { epoch: erasedEpoch, intentIndex } = plan;
    const state = {
      state: 'erased',
      position,
      dekCommitment: commitment,
      erasedEpoch,
      intentIndex,
    } as const;
    putHash(slotHashes, slot, slotHash(state));
    dek.fill(0);
    return [{ tenantId, position, dekCommitment: commitment }];
  });
}

const byLeaf = new WeakMap<ErasurePlan, Map<string, Map<number, number[]>>>();

/** The planned positions of one leaf; the plan is indexed once. */
function positionsIn(plan: ErasurePlan, tenantId: string, leaf: number): number[] {
  const tenants = byLeaf.get(plan) ?? new Map<string, Map<number, number[]>>();
  byLeaf.set(plan, tenants);
  const known = tenants.get(tenantId);
  const positions = plan.items.get(tenantId) ?? [];
  const leaves = known ?? Map.groupBy(positions, (position) => Math.floor(position / RADIX));
  tenants.set(tenantId, leaves);
  return leaves.get(leaf) ?? [];
}
