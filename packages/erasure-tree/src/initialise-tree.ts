import { draftNode, sealFresh } from './fresh-node.ts';
import type { TreeParts } from './node-opener.ts';
import { S_ROOT } from './place.ts';
import { RootUnavailableError, rootLabel, rootLabelPrefix } from './root-provider.ts';
import { sealTopKey } from './seal-top-key.ts';

const FIRST_EPOCH = 1;

/**
 * Makes the first root version and an empty S-root, once: instances that start together wait for each other.
 * A crash between the two leaves a root version that sealed nothing anybody kept: the next start takes it up
 * again. Any other root version without a tree head means that the database was lost or emptied: refused,
 * because a new tree would hide that.
 */
export async function initialiseTree<Tx>(parts: TreeParts<Tx>): Promise<void> {
  const { store } = parts;
  if (await store.readHead()) return;
  await store.transaction(async (tx) => {
    if (await store.lockHead(tx)) return;
    const rootRef = await firstRoot(parts);
    const { topKey, sealedTopKey } = await sealTopKey(parts, { rootRef, epoch: FIRST_EPOCH });
    await store.insertHead({ epoch: FIRST_EPOCH, rootRef, sealedTopKey }, tx);
    const birth = { tenant: undefined, epoch: FIRST_EPOCH, used: 0 };
    await store.insertNodes([sealFresh(parts, draftNode(S_ROOT, topKey), birth)], tx);
  });
}

async function firstRoot<Tx>({ root, deployment }: TreeParts<Tx>): Promise<string> {
  const label = rootLabel(deployment, FIRST_EPOCH);
  const known = await root.list(rootLabelPrefix(deployment));
  if (known.some((ref) => ref !== label)) {
    throw new RootUnavailableError('root versions of later epochs exist, but no tree does');
  }
  return known.length > 0 ? label : (await root.create(label)).ref;
}
