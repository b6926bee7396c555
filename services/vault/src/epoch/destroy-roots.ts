import { createHash } from 'node:crypto';
import { rootsBesideHead } from '@mnv/erasure-tree';
import type { KnownRoot } from '@mnv/erasure-tree';
import { rootText } from './begin-epoch.ts';
import { destroyOrphans } from './destroy-orphans.ts';
import type { EpochDependencies } from './epoch-dependencies.ts';

/**
 * Orders the destruction of old root versions, oldest first, each named in the log before. Only behind the
 * gate: an export of the key tree under a newer root version was verified by restoring it, or one lost disk
 * would be every number lost. Destruction is due when the grace after its replacement has passed.
 */
export async function destroyRoots(deps: EpochDependencies): Promise<void> {
  await destroyOrphans(deps);
  const { older } = await rootsBesideHead(deps.tree.parts);
  const verified = await deps.newestVerified();
  for (const root of older) {
    if (root.status === 'pending') continue;
    if (root.status === 'destroyed') await recordDestroyed(root, deps);
    else if (verified === undefined || verified <= root.epoch) return;
    else if (!(await deps.isSafeguarded(root.epoch + 1))) return;
    else if (!(await scheduleDestruction(root, { older, deps }))) return;
  }
}

/** False while it is not known when the root version was replaced. */
async function scheduleDestruction(
  { ref: root, epoch }: KnownRoot,
  { older, deps }: { older: KnownRoot[]; deps: EpochDependencies },
): Promise<boolean> {
  const replacedAt = await replacementOf(epoch, older, deps);
  if (replacedAt === undefined) return false;
  const at = replacedAt + deps.graceMs;
  const event = { op: 'root.destroy-scheduled', root, epoch, at } as const;
  await deps.recordOnce({ event, from: 0, text: rootText('root.destroy-scheduled', root) });
  await deps.tree.parts.root.scheduleDestroy(root, at);
  return true;
}

/** When the next root version that the tree ever stood on replaced it. */
async function replacementOf(
  epoch: number,
  older: KnownRoot[],
  deps: EpochDependencies,
): Promise<number | undefined> {
  const head = await deps.tree.parts.store.readHead();
  const later = [...older.map((one) => one.epoch), head?.epoch ?? 0].filter((one) => one > epoch);
  for (const one of later) {
    const flippedAt = await deps.findFlip(one);
    if (flippedAt !== undefined) return flippedAt;
  }
  return undefined;
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
