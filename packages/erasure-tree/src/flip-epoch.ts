import { createSecretKey } from 'node:crypto';
import { keyCommitment } from './commitments.ts';
import type { EpochHooks, ErasurePlan } from './erasure-plan.ts';
import { openLocked, resealed } from './locked-node.ts';
import { hashOf } from './merkle64.ts';
import type { TreeParts } from './node-opener.ts';
import { S_ROOT } from './place.ts';
import { rootLabel } from './root-provider.ts';
import { sealTopKey } from './seal-top-key.ts';
import { StaleNodeError } from './tree-store.ts';
import type { TreeHead, TreeNode } from './tree-store.ts';

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
  const { store, deployment } = parts;
  const { epoch } = plan;
  const rootRef = rootLabel(deployment, epoch);
  const { topKey, sealedTopKey } = await sealTopKey(parts, { rootRef, epoch });
  const to = { epoch, rootRef, sealedTopKey };
  await store.transaction(async (tx) => {
    await hooks.fence(tx);
    const from = await store.lockHead(tx);
    if (from === undefined || from.epoch >= epoch) throw new StaleNodeError();
    const sRoot = await rekeyRoot(parts, { epoch, topKey }, tx);
    await store.updateHead({ fromEpoch: from.epoch, head: to }, tx);
    const { keyCommitment: topKeyCommitment, merkleHash: nodeHash } = sRoot;
    await hooks.flipped({ from, to, mapHead: { epoch, rootRef, topKeyCommitment, nodeHash } }, tx);
  });
  topKey.fill(0);
  parts.opened.clear();
  return to;
}

async function rekeyRoot<Tx>(
  parts: TreeParts<Tx>,
  { epoch, topKey }: { epoch: number; topKey: Buffer },
  tx: Tx,
): Promise<TreeNode & { merkleHash: Buffer }> {
  const [row] = await parts.store.lockNodes([S_ROOT], tx);
  if (row === undefined) throw new StaleNodeError();
  const { secrets } = await openLocked(parts, row, { tenant: undefined, tx });
  const renewed = {
    ...row,
    epoch,
    keyGeneration: row.keyGeneration + 1,
    keyCommitment: keyCommitment(S_ROOT, topKey),
  };
  const hashed = { ...renewed, merkleHash: hashOf(renewed) };
  const sealing = { key: createSecretKey(topKey), secrets, tenant: undefined };
  await parts.store.updateNodes([resealed(parts, hashed, sealing)], tx);
  secrets.fill(0);
  return hashed;
}
