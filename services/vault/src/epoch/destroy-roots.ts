import { createHash } from 'node:crypto';
import { rootsBesideHead } from '@mnv/erasure-tree';
import type { KnownRoot } from '@mnv/erasure-tree';
import { rootText } from './begin-epoch.ts';
import { destroyOrphans } from './destroy-orphans.ts';
import type { EpochDependencies } from './epoch-dependencies.ts';
import { findReplacement } from './find-replacement.ts';

/**
 * Destroys old root versions whose grace after their replacement has passed, oldest first, each announced in the
 * log before. Only behind the gate: an export of the key tree under a newer root version was verified by restoring
 * it, and lies in every place, or one lost disk would be every number lost. The gate is asked when the destruction
 * is announced and again when it is ordered, which is no sooner than the custodian needs: it destroys by its clock.
 */
export async function destroyRoots(deps: EpochDependencies): Promise<void> {
  await destroyOrphans(deps);
  const { older } = await rootsBesideHead(deps.tree.parts);
  const verified = await deps.newestVerified();
  let youngerMayGo = true;
  for (const root of older) {
    if (root.status !== 'destroyed') {
      if (verified === undefined || verified <= root.epoch) return;
      if (!(await deps.isSafeguarded(root.epoch + 1))) return;
      const at = await announce(root, older, deps);
      if (at === undefined) return;
      youngerMayGo &&= await destroyIfDue(root, at, deps);
    }
    if (youngerMayGo) await recordDestroyed(root, deps);
  }
}

/**
 * Says in the log when a root version will be destroyed, once; and again if a shorter grace has brought it forward,
 * for an old version must not outlive a younger one. Undefined while it is not known when it was replaced.
 */
async function announce(
  { ref: root, epoch }: KnownRoot,
  older: readonly KnownRoot[],
  deps: EpochDependencies,
): Promise<number | undefined> {
  const replacedAt = await findReplacement(epoch, older, deps);
  if (replacedAt === undefined) return undefined;
  const planned = replacedAt + deps.graceMs;
  const text = rootText('root.destroy-scheduled', root);
  const announced = await deps.findPlanned(root);
  if (announced !== undefined && announced.at <= planned) return announced.at;
  const event = { op: 'root.destroy-scheduled', root, epoch, at: planned } as const;
  await deps.recordOnce({ event, from: announced ? announced.index + 1 : 0, text });
  return planned;
}

/** Whether it is destroyed. An order given earlier is given again when it is due: it may have been for later. */
async function destroyIfDue(
  { ref, status }: KnownRoot,
  at: number,
  { tree, clock }: EpochDependencies,
): Promise<boolean> {
  const { root } = tree.parts;
  const noticeMs = status === 'pending' ? 0 : root.describe().minPendingSeconds * 1000;
  if (clock() < at - noticeMs) return false;
  await root.scheduleDestroy(ref, at);
  return (await root.status(ref)) === 'destroyed';
}

async function recordDestroyed(
  { ref: root, epoch }: KnownRoot,
  deps: EpochDependencies,
): Promise<void> {
  // Made for an epoch that a crash ended before its root was named: the log does not speak of it.
  if (!(await deps.isRecorded({ from: 0, text: rootText('root.created', root) }))) return;
  const hash = createHash('sha256');
  for (const { type, bytes } of await deps.tree.parts.root.evidence(root))
    hash.update(type).update('\0').update(bytes);
  const evidence = hash.digest('base64url');
  const event = { op: 'root.destroyed', root, epoch, evidence } as const;
  await deps.recordOnce({ event, from: 0, text: rootText('root.destroyed', root) });
}
