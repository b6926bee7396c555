import { rootsBesideHead } from '@mnv/erasure-tree';
import type { KnownRoot } from '@mnv/erasure-tree';
import { destroyUnused } from './abort-epoch.ts';
import { rootText } from './begin-epoch.ts';
import type { EpochDependencies } from './epoch-dependencies.ts';

/**
 * Whether a root version was made for an epoch that had been aborted: the custodian knows no fence, so a runner
 * that lost its lock may still make one. It is in no log, and no tree ever stood on it: no key is replaced
 * before the log names the root version. (An epoch that rows older than their key tree call aborted has one
 * that is named.)
 */
export async function isOrphan(
  { ref, epoch }: Pick<KnownRoot, 'ref' | 'epoch'>,
  { findJob, isRecorded }: Pick<EpochDependencies, 'findJob' | 'isRecorded'>,
): Promise<boolean> {
  const job = await findJob(epoch);
  if (job?.state !== 'aborted') return false;
  return !(await isRecorded({ from: 0, text: rootText('root.created', ref) }));
}

/** Destroys the root versions whose runner died before it took them back. */
export async function destroyOrphans(deps: EpochDependencies): Promise<void> {
  const { older, newer } = await rootsBesideHead(deps.tree.parts);
  for (const root of [...older, ...newer]) {
    if (root.status !== 'enabled' && root.status !== 'disabled') continue;
    if (!(await isOrphan(root, deps))) continue;
    const job = await deps.findJob(root.epoch);
    if (job) await destroyUnused(job, deps);
  }
}
