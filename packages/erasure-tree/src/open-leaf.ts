import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { openWith } from './node-opener.ts';
import type { SealedNode, TreeParts } from './node-opener.ts';
import { isEmptySecret, secretAt } from './opened-nodes.ts';
import { RADIX } from './place.ts';
import type { TenantTree } from './place.ts';
import { retryOpening } from './retry-opening.ts';
import type { LeafRow } from './tree-store.ts';
import { UnopenableError } from './unopenable-error.ts';

/** A leaf in clear. Short-lived: wipe it as soon as its keys are taken. */
export type OpenLeaf = {
  /** The record key, or undefined for a slot without one: erased, or never given out. */
  keyOf(position: number): KeyObject | undefined;
  wipe(): void;
};

export type LeafRequest<Tx> = {
  readonly row: LeafRow;
  readonly findTenant: (source: 'cached' | 'fresh') => Promise<TenantTree>;
  readonly tx?: Tx | undefined;
};

/**
 * Opens a leaf the caller has read. When its key does not fit, an epoch passed between the reads: the path
 * and then the leaf itself are read again.
 */
export async function openLeaf<Tx>(
  parts: TreeParts<Tx>,
  { row, findTenant, tx }: LeafRequest<Tx>,
): Promise<OpenLeaf> {
  return retryOpening(async (source) => {
    const tenant = await findTenant(source);
    const node =
      source === 'cached' ? asNode(tenant, row) : await reread(parts, { tenant, row, tx });
    const { secrets } = await openWith(parts, node, { tenant, source, tx });
    return leafInClear(row.index, secrets);
  });
}

function leafInClear(index: number, secrets: Buffer): OpenLeaf {
  return {
    keyOf(position) {
      if (Math.floor(position / RADIX) !== index)
        throw new RangeError('not a position of this leaf');
      const secret = secretAt(secrets, position % RADIX);
      return isEmptySecret(secret) ? undefined : createSecretKey(secret);
    },
    wipe: () => void secrets.fill(0),
  };
}

function asNode(tenant: TenantTree, { index, keyGeneration, sealed }: LeafRow): SealedNode {
  return { place: { tree: tenant.ordinal, level: 0, index }, keyGeneration, sealed };
}

async function reread<Tx>(
  { store }: TreeParts<Tx>,
  { tenant, row, tx }: { tenant: TenantTree; row: LeafRow; tx: Tx | undefined },
): Promise<SealedNode> {
  const [again] = await store.readLeaves({ tree: tenant.ordinal, indices: [row.index] }, tx);
  if (again === undefined) throw new UnopenableError();
  return asNode(tenant, again);
}
