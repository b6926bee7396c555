import type { TreeParts } from './node-opener.ts';
import { RootUnavailableError, rootLabelPrefix } from './root-provider.ts';
import type { RootStatus } from './root-provider.ts';

/** A root version of this deployment, and whether the tree's head is behind or ahead of it. */
export type KnownRoot = {
  readonly ref: string;
  readonly epoch: number;
  readonly status: RootStatus;
};

type Roots = { readonly older: KnownRoot[]; readonly newer: KnownRoot[] };

/**
 * The root versions beside the head's, oldest first. A newer one without an epoch running means that the
 * database is older than its custodian: a restore, to be reconciled before anything is served.
 */
export async function rootsBesideHead<Tx>(parts: TreeParts<Tx>): Promise<Roots> {
  const head = await parts.store.readHead();
  if (head === undefined) throw new RootUnavailableError('no tree');
  const known = await knownRoots(parts);
  return {
    older: known.filter(({ epoch }) => epoch < head.epoch),
    newer: known.filter(({ epoch }) => epoch > head.epoch),
  };
}

/** From now on nothing opens under a root version older than the head's. Returns those it took out of use. */
export async function disableOldRoots<Tx>(parts: TreeParts<Tx>): Promise<string[]> {
  const { older } = await rootsBesideHead(parts);
  const enabled = older.filter(({ status }) => status === 'enabled').map(({ ref }) => ref);
  for (const ref of enabled) await parts.root.disable(ref);
  return enabled;
}

/**
 * Orders the destruction of every root version older than the head's, oldest first. The caller has verified
 * two restorable copies of the key tree under the head's root version, or one lost disk is every number lost.
 */
export async function destroyOldRoots<Tx>(
  parts: TreeParts<Tx>,
  notBefore: number,
): Promise<{ ref: string; effectiveAt: number }[]> {
  const { older } = await rootsBesideHead(parts);
  const ordered: { ref: string; effectiveAt: number }[] = [];
  for (const { ref, status } of older) {
    if (status === 'destroyed' || status === 'pending') continue;
    ordered.push({ ref, ...(await parts.root.scheduleDestroy(ref, notBefore)) });
  }
  return ordered;
}

async function knownRoots<Tx>({ root, deployment }: TreeParts<Tx>): Promise<KnownRoot[]> {
  const prefix = rootLabelPrefix(deployment);
  const roots: KnownRoot[] = [];
  for (const ref of await root.list(prefix)) {
    const epoch = /^[1-9]\d{0,9}$/.test(ref.slice(prefix.length))
      ? Number(ref.slice(prefix.length))
      : undefined;
    // A deployment whose name begins like ours has labels that begin like ours.
    if (epoch !== undefined) roots.push({ ref, epoch, status: await root.status(ref) });
  }
  return roots.toSorted((a, b) => a.epoch - b.epoch);
}
