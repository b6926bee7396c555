import { freshKey } from './fresh-node.ts';
import type { TreeParts } from './node-opener.ts';
import { topKeyContext } from './top-key.ts';
import { UnopenableError } from './unopenable-error.ts';

export type SealedTopKey = { readonly topKey: Buffer; readonly sealedTopKey: Buffer };

/**
 * A fresh top key under a root version. Opened again before anything rests on it: a root that cannot open
 * what it sealed would lose every record. Two calls of the root, however large the tree.
 */
export async function sealTopKey<Tx>(
  { root, deployment }: TreeParts<Tx>,
  { rootRef, epoch }: { rootRef: string; epoch: number },
): Promise<SealedTopKey> {
  const topKey = freshKey();
  const context = topKeyContext(deployment, epoch);
  const sealedTopKey = await root.seal(rootRef, topKey, context);
  const opened = await root.open(rootRef, sealedTopKey, context);
  if (!opened.equals(topKey)) throw new UnopenableError();
  opened.fill(0);
  return { topKey, sealedTopKey };
}
