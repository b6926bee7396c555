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
