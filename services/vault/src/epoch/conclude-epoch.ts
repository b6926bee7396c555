import { mapHeadHash, rootLabel, rootsBesideHead } from '@mnv/erasure-tree';
import { rootText, textOf } from './begin-epoch.ts';
import { destroyOrphans } from './destroy-orphans.ts';
import type { EpochDependencies } from './epoch-dependencies.ts';
import type { EpochJob } from './epoch-job.ts';
import { rekeyStragglers } from './erase-keys.ts';
import { keepProofsOf, requireErased } from './prove-items.ts';

/**
 * After the flip: proofs that every item is ERASED, kept and verified, then the entry. The head can be proved
 * until somebody refreshes the map, which only the holder of the lease does.
 */
export async function recordFlip(job: EpochJob, deps: EpochDependencies): Promise<EpochJob> {
  const { epoch, logFrom: from, mapAfter } = job;
  if (!mapAfter) throw new Error('a flip without its map head');
  for (const batch of await deps.batchesOf(epoch)) {
    await keepProofsOf(job, batch, { when: 'after', head: mapAfter, deps });
    await requireErased(job, batch, deps);
    await deps.keepEgress(job, batch);
  }
  const map = mapHeadHash(mapAfter).toString('base64url');
  const root = rootLabel(deps.deployment, epoch);
  const event = { op: 'erasure.flipped', epoch, root, map } as const;
  const { index } = await deps.recordOnce({ event, from, text: textOf(event), job });
  return deps.advance(job, { flippedIndex: index });
}

/**
 * flipped → fenced, once every read from before the freeze is over and every instance has dropped its keys:
 * the old root versions are out of use, and no instance can still answer from before the flip. `undefined`
 * while there is something to wait for.
 */
export async function fenceOff(
  job: EpochJob,
  deps: EpochDependencies,
): Promise<EpochJob | undefined> {
  const { epoch, logFrom: from } = job;
  const { acked, lagging } = await deps.countInstances(epoch);
  // Whoever runs this is an instance himself: nobody at all would mean that the beats have stopped.
  if (lagging > 0 || acked === 0 || !(await deps.isDrained(epoch))) return undefined;
  if (job.kind === 'rotation') await rekeyStragglers(job, deps);
  await destroyOrphans(deps);
  await disableOldRoots(job, deps);
  const event = { op: 'erasure.fenced', epoch, cnt: acked } as const;
  const { index } = await deps.recordOnce({ event, from, text: textOf(event), job });
  return deps.advance(job, { state: 'fenced', fencedIndex: index });
}

/** fenced → done. From here on a certificate may say so. */
export async function recordDone(job: EpochJob, deps: EpochDependencies): Promise<EpochJob> {
  const { epoch, logFrom: from } = job;
  const batches = await deps.batchesOf(epoch);
  const erased = batches.reduce((sum, { count }) => sum + count, 0);
  const event =
    job.kind === 'rotation'
      ? ({ op: 'erasure.rotated', epoch, cnt: await deps.countBefore(epoch) } as const)
      : ({ op: 'erasure.erased', epoch, cnt: erased } as const);
  if (event.op === 'erasure.rotated' && event.cnt > 0)
    throw new Error('a rotation left nodes under old keys');
  const { index } = await deps.recordOnce({ event, from, text: textOf(event), job });
  return deps.advance(job, { state: 'done', doneIndex: index });
}

/** Each is named in the log before it is taken out of use. */
async function disableOldRoots(job: EpochJob, deps: EpochDependencies): Promise<void> {
  const { parts } = deps.tree;
  const { older } = await rootsBesideHead(parts);
  for (const { ref: root, epoch, status } of older) {
    if (status !== 'enabled') continue;
    const event = { op: 'root.disabled', root, epoch } as const;
    const text = rootText(event.op, root);
    await deps.recordOnce({ event, from: job.logFrom, text, job });
    await parts.root.disable(root);
  }
}
