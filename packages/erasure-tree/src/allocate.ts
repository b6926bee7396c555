import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { dekCommitment } from './commitments.ts';
import { freshKey, putHash, putSecret } from './fresh-node.ts';
import { resealed } from './locked-node.ts';
import { newLeaves } from './new-leaves.ts';
import { openWith } from './node-opener.ts';
import type { PathSource, TreeParts } from './node-opener.ts';
import { RADIX } from './place.ts';
import type { TenantTree } from './place.ts';
import { retryOpening } from './retry-opening.ts';
import { slotHash } from './slot-hash.ts';
import type { TreeNode, TreeStore } from './tree-store.ts';

/** A new position of a tenant and its record key, which seals one record and nothing else. */
export type Allocation = { readonly position: number; readonly key: KeyObject };

export type AllocationRequest = {
  /** Fresh after a cached tree misled a path: it may have grown. */
  readonly findTenant: (source: PathSource) => Promise<TenantTree>;
  readonly count: number;
};

/** Concurrent single creations spread over this many leaves; a further one waits. */
const OPEN_LEAVES = 4;
/** One statement stays far below the deadline of a batch chunk. */
export const MAX_ALLOCATION = 4096;

/** What a leaf in clear needs to take new keys. */
export type LeafInClear = {
  readonly tenantId: string;
  readonly leaf: number;
  readonly secrets: Buffer;
  readonly slotHashes: Buffer;
};

/**
 * Takes `count` new positions in the caller's transaction: keys and records become durable together or not
 * at all. First an open leaf, then whole new ones, whose parents are sealed once. Call it once a transaction:
 * it locks leaves before parents.
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
  const tail = await openTail(parts.store, { tree: ordinal, count }, tx);
  const fromTail = tail ? await fillTail(parts, { findTenant, count, tail }, tx) : [];
  const rest = count - fromTail.length;
  if (rest === 0) return fromTail;
  return [...fromTail, ...(await newLeaves(parts, { tenantId, count: rest }, tx))];
}

async function openTail<Tx>(
  store: TreeStore<Tx>,
  { tree, count }: { tree: number; count: number },
  tx: Tx,
): Promise<TreeNode | undefined> {
  const free = await store.lockOpenLeaf({ tree, whenLocked: 'skip' }, tx);
  if (free || count > 1 || (await store.countOpenLeaves(tree, tx)) < OPEN_LEAVES) return free;
  return store.lockOpenLeaf({ tree, whenLocked: 'wait' }, tx);
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

/** Puts fresh record keys into consecutive slots of a leaf in clear. */
export function fillSlots(leaf: LeafInClear, slots: { from: number; count: number }): Allocation[] {
  return Array.from({ length: slots.count }, (_, at) => {
    const slot = slots.from + at;
    const position = leaf.leaf * RADIX + slot;
    const dek = freshKey();
    putSecret(leaf.secrets, slot, dek);
    const commitment = dekCommitment(leaf.tenantId, position, dek);
    putHash(
      leaf.slotHashes,
      slot,
      slotHash({ state: 'live', position, dekCommitment: commitment }),
    );
    const key = createSecretKey(dek);
    dek.fill(0);
    return { position, key };
  });
}
