import { rootLabel } from '@mnv/erasure-tree';
import { rootText, textOf } from './begin-epoch.ts';
import type { EpochDependencies } from './epoch-dependencies.ts';
import type { EpochJob } from './epoch-job.ts';

/**
 * aborting → aborted: no key was dropped. What was announced is taken back in the log. A root version that was
 * made has sealed nothing, and is destroyed; the epoch's number is spent. What the epoch had taken, and nobody
 * took out, waits again.
 */
export async function abortEpoch(job: EpochJob, deps: EpochDependencies): Promise<EpochJob> {
  const { epoch, logFrom: from } = job;
  const intent = { from, text: textOf({ op: 'erasure.intent', epoch }) };
  if (await deps.isRecorded(intent)) {
    const event = { op: 'erasure.aborted', epoch } as const;
    const text = `"op":"erasure.aborted","epoch":${epoch}}`;
    await deps.recordOnce({ event, from, text, job });
  }
  await destroyUnused(job, deps);
  return deps.closeAborted(job);
}

/** The epoch's root version. One that the log never named, because of a crash, goes without being named. */
export async function destroyUnused(job: EpochJob, deps: EpochDependencies): Promise<void> {
  const { epoch, logFrom: from } = job;
  const { root: provider } = deps.tree.parts;
  const root = rootLabel(deps.deployment, epoch);
  const status = await provider.status(root);
  if (status !== 'enabled' && status !== 'disabled') return;
  const at = deps.clock();
  const isNamed = await deps.isRecorded({ from, text: rootText('root.created', root) });
  const named = async (
    event: { op: 'root.disabled' } | { op: 'root.destroy-scheduled'; at: number },
  ) => {
    const text = rootText(event.op, root);
    if (isNamed) await deps.recordOnce({ event: { ...event, root, epoch }, from, text, job });
  };
  await named({ op: 'root.disabled' });
  await provider.disable(root);
  await named({ op: 'root.destroy-scheduled', at });
  await provider.scheduleDestroy(root, at);
}
