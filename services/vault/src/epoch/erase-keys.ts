import { erasureEpoch } from '@mnv/erasure-tree';
import type { EpochHooks } from '@mnv/erasure-tree';
import type { KeyTreeTransaction } from '../key-tree.repository.ts';
import { itemsOf } from './begin-epoch.ts';
import type { EpochDependencies } from './epoch-dependencies.ts';
import type { EpochJob } from './epoch-job.ts';

/**
 * rekeying → flipped: fresh keys from the leaves upwards, the erased ones dropped, then the flip. Each
 * transaction leaves the tree whole; the job learns of the flip in the transaction of the flip. Goes on where
 * a crash left it, which the nodes themselves tell. `undefined` when it was told to stop in between.
 */
export async function eraseKeys(
  job: EpochJob,
  deps: EpochDependencies,
  isStopping: () => boolean,
): Promise<EpochJob | undefined> {
  const { epoch, intentIndex } = job;
  if (intentIndex === undefined) throw new Error('an epoch without its intent');
  const plan = { epoch, intentIndex, items: await itemsOf(job, deps) };
  const flipped: { job?: EpochJob } = {};
  const hooks: EpochHooks<KeyTreeTransaction> = {
    fence: (tx) => deps.fence(job, tx),
    erased: (slots, tx) => deps.disposeOf(tx, epoch, slots),
    flipped: async ({ mapHead }, tx) => {
      flipped.job = await deps.keepFlip(job, mapHead, tx);
    },
  };
  const runner = erasureEpoch(deps.tree.parts, plan, hooks);
  for (;;) {
    const { did } = await runner.next();
    if (did === 'flipped') return flipped.job;
    if (did === 'nothing') throw new Error('the tree is ahead of its epoch');
    if (isStopping()) return undefined;
  }
}

/** A rotation also takes the nodes that were being made while it flipped. */
export async function rekeyStragglers(job: EpochJob, deps: EpochDependencies): Promise<void> {
  const plan = { epoch: job.epoch, intentIndex: job.intentIndex ?? 0, items: new Map() };
  const hooks: EpochHooks<KeyTreeTransaction> = {
    fence: (tx) => deps.fence(job, tx),
    erased: () => Promise.reject(new Error('a rotation erases nothing')),
    flipped: () => Promise.reject(new Error('the rotation has flipped')),
  };
  const runner = erasureEpoch(deps.tree.parts, plan, hooks);
  while ((await runner.next()).did !== 'nothing');
}
