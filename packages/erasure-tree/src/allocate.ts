import { fillSlots } from './fill-slots.ts';
import type { Allocation } from './fill-slots.ts';
import { resealed } from './locked-node.ts';
import { newLeaves } from './new-leaves.ts';
import { openWith } from './node-opener.ts';
import type { PathSource, TreeParts } from './node-opener.ts';
import { RADIX } from './place.ts';
import type { TenantTree } from './place.ts';
import { retryOpening } from './retry-opening.ts';
import type { TreeNode } from './tree-store.ts';

export type AllocationRequest = {
  /** Fresh after a cached tree misled a path: it may have grown. */
  readonly findTenant: (source: PathSource) => Promise<TenantTree>;
  readonly count: number;
};

/** One statement stays far below the deadline of a batch chunk. */
export const MAX_ALLOCATION = 4096;

/**
 * Takes `count` new positions in the caller's transaction: keys and records become durable together or not
 * at all. First an open leaf that nobody has locked, then whole new ones, whose parents are sealed once. So
 * there are never more open leaves than there were creators at once. Call it once a transaction: it locks
 * leaves before parents.
 */
export async function allocate<Tx>(
  parts: TreeParts<Tx>,
  { findTenant, count }: AllocationRequest,
  tx: Tx,
): Promise<Allocation[]> {
  if (!Number.isInteger(count) || count < 1 || count > MAX_ALLOCATION) {
    throw new RangeError('allocate from 1 to 4096 positions');
  }
  const { tenantId, ordinal } = await findTenant('cached');
  const tail = await parts.store.lockOpenLeaf(ordinal, tx);
  const fromTail = tail ? await fillTail(parts, { findTenant, count, tail }, tx) : [];
  const rest = count - fromTail.length;
  if (rest === 0) return fromTail;
  return [...fromTail, ...(await newLeaves(parts, { tenantId, count: rest }, tx))];
}

async function fillTail<Tx>(
  parts: TreeParts<Tx>,
  { findTenant, count, tail }: AllocationRequest & { tail: TreeNode },
  tx: Tx,
): Promise<Allocation[]> {
  const { tenant, key, secrets } = await retryOpening(async (source) => {
    const found = await findTenant(source);
    return { tenant: found, ...(await openWith(parts, tail, { tenant: found, source, tx })) };
  });
  const slotHashes = Buffer.from(tail.slotHashes);
  const taken = Math.min(count, RADIX - tail.used);
  const leaf = { tenantId: tenant.tenantId, leaf: tail.place.index, secrets, slotHashes };
  const allocations = fillSlots(leaf, { from: tail.used, count: taken });
  const filled = { ...tail, slotHashes, used: tail.used + taken, merkleHash: undefined };
  await parts.store.updateNodes([resealed(parts, filled, { key, secrets, tenant })], tx);
  secrets.fill(0);
  return allocations;
}
