import { openWith, tenantIdAt } from './node-opener.ts';
import type { OpenNode, TreeParts } from './node-opener.ts';
import type { TenantTree } from './place.ts';
import { retryOpening } from './retry-opening.ts';
import type { TreeNode } from './tree-store.ts';

export type Locked<Tx> = { readonly tenant: TenantTree | undefined; readonly tx: Tx };

/** Opens a node whose row this transaction has locked: it cannot change, only a cached path can be old. */
export function openLocked<Tx>(
  parts: TreeParts<Tx>,
  node: TreeNode,
  { tenant, tx }: Locked<Tx>,
): Promise<OpenNode> {
  return retryOpening((source) => openWith(parts, node, { tenant, source, tx }));
}

/**
 * The row with new secrets under the node's present key. Adding a child under the same key is harmless;
 * taking one out needs a fresh key, which only an epoch makes.
 */
export function resealed<Tx>(
  { sealer, deployment }: TreeParts<Tx>,
  node: TreeNode,
  { key, secrets, tenant }: OpenNode & { tenant: TenantTree | undefined },
): TreeNode {
  const { place, keyGeneration } = node;
  const tenantId = tenantIdAt(place, tenant);
  return {
    ...node,
    sealed: sealer.sealNode(key, { deployment, tenantId, place, keyGeneration }, secrets),
  };
}
