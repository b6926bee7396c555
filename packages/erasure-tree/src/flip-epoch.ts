import { createSecretKey } from 'node:crypto';
import { keyCommitment } from './commitments.ts';
import type { EpochHooks, ErasurePlan } from './erasure-plan.ts';
import { freshKey } from './fresh-node.ts';
import { openLocked, resealed } from './locked-node.ts';
import type { TreeParts } from './node-opener.ts';
import { S_ROOT } from './place.ts';
import { rootLabel } from './root-provider.ts';
import { topKeyContext } from './top-key.ts';
import type { TreeHead, TreeNode } from './tree-store.ts';
import { StaleNodeError } from './tree-store.ts';

export type FlipWork<Tx> = { readonly plan: ErasurePlan; readonly hooks: EpochHooks<Tx> };

/**
 * The last step: the S-root under a fresh top key, sealed by the new root version alone. Every node below it
 * on an erased path has its fresh key by now. A crash before the commit leaves a seal of a top key that nobody
 * uses; the next try makes another one. After the commit there is no way back.
 */
export async function flipEpoch<Tx>(
  parts: TreeParts<Tx>,
  { plan, hooks }: FlipWork<Tx>,
): Promise<TreeHead> {
  const { store, root, deployment } = parts;
  const from = await store.readHead();
  if (from === undefined || from.epoch >= plan.epoch) throw new StaleNodeError();
  const topKey = freshKey();
  const rootRef = rootLabel(deployment, plan.epoch);
  const sealedTopKey = await root.seal(rootRef, topKey, topKeyContext(deployment, plan.epoch));
  const to = { epoch: plan.epoch, rootRef, sealedTopKey };
  await store.transaction(async (tx) => {
    await hooks.fence(tx);
    await store.lockHead(tx);
    const topKeyCommitment = await rekeyRoot(parts, { plan, topKey }, tx);
    await store.updateHead({ fromEpoch: from.epoch, head: to }, tx);
    await hooks.flipped({ from, to, topKeyCommitment }, tx);
  });
  topKey.fill(0);
  parts.opened.clear();
  return to;
}

async function rekeyRoot<Tx>(
  parts: TreeParts<Tx>,
  { plan, topKey }: { plan: ErasurePlan; topKey: Buffer },
  tx: Tx,
): Promise<Buffer> {
  const [row] = await parts.store.lockNodes([S_ROOT], tx);
  if (row === undefined) throw new StaleNodeError();
  const { secrets } = await openLocked(parts, row, { tenant: undefined, tx });
  const renewed: TreeNode = {
    ...row,
    epoch: plan.epoch,
    keyGeneration: row.keyGeneration + 1,
    keyCommitment: keyCommitment(S_ROOT, topKey),
    merkleHash: undefined,
  };
  const sealing = { key: createSecretKey(topKey), secrets, tenant: undefined };
  await parts.store.updateNodes([resealed(parts, renewed, sealing)], tx);
  secrets.fill(0);
  return renewed.keyCommitment;
}
