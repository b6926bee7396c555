import { mapHeadBefore, mapHeadHash, rootLabel } from '@mnv/erasure-tree';
import { manifestHashOf } from '@mnv/protocol';
import type { EpochDependencies } from './epoch-dependencies.ts';
import type { EpochJob } from './epoch-job.ts';
import { keepProofsOf } from './prove-items.ts';
import { stillApproved } from './still-approved.ts';

/**
 * planned → proved: the head in which every item is LIVE, and the proofs of it. A crash in between begins anew
 * with another head: nothing was announced yet.
 */
export async function proveLive(job: EpochJob, deps: EpochDependencies): Promise<EpochJob> {
  const batches = await deps.batchesOf(job.epoch);
  const items = await itemsOf(job, deps);
  const mapBefore = await mapHeadBefore(deps.tree.parts, { items }, (tx) => deps.fence(job, tx));
  for (const batch of batches)
    await keepProofsOf(job, batch, { when: 'before', head: mapBefore, deps });
  return deps.advance(job, { state: 'proved', mapBefore });
}

/** proved → intent: what will be erased stands in the control log before anything is done. */
export async function announce(job: EpochJob, deps: EpochDependencies): Promise<EpochJob> {
  const { epoch, logFrom: from, rootFrom: root } = job;
  const batches = await deps.batchesOf(epoch);
  const manifest = manifestHashOf(batches.map(({ batchHash }) => batchHash));
  const cnt = batches.reduce((sum, { count }) => sum + count, 0);
  const event = {
    op: 'erasure.intent',
    epoch,
    manifest,
    cnt,
    map: mapBeforeOf(job),
    root,
  } as const;
  const { index } = await deps.recordOnce({ event, from, text: textOf(event), job });
  return deps.advance(job, { state: 'intent', intentIndex: index });
}

/**
 * intent → rooted: the new root version. One that a crash left behind, made and not named in the log, is taken
 * up: its label is the epoch's.
 */
export async function makeRoot(job: EpochJob, deps: EpochDependencies): Promise<EpochJob> {
  const { epoch, logFrom: from } = job;
  const { root: provider } = deps.tree.parts;
  const root = rootLabel(deps.deployment, epoch);
  if ((await provider.status(root)) === 'unknown') await provider.create(root);
  const event = { op: 'root.created', root, epoch, map: mapBeforeOf(job) } as const;
  const text = rootText(event.op, root);
  const { index } = await deps.recordOnce({ event, from, text, job });
  return deps.advance(job, { state: 'rooted', rootIndex: index });
}

/**
 * rooted → rekeying, the point of no return: only while every batch is still approved by the control log as it
 * is signed now. A hold or a stop that comes later finds the door closed.
 */
export async function passNoReturn(job: EpochJob, deps: EpochDependencies): Promise<EpochJob> {
  const batches = await deps.batchesOf(job.epoch);
  // A batch that is withdrawn turns the job to aborting, and this runner finds it lost.
  await stillApproved(batches, deps);
  return deps.advance(job, { state: 'rekeying' });
}

/** The positions of all batches, by tenant. */
export async function itemsOf(
  { epoch }: EpochJob,
  deps: EpochDependencies,
): Promise<Map<string, number[]>> {
  const items = new Map<string, number[]>();
  for (const batch of await deps.batchesOf(epoch)) {
    const positions = await deps.positionsOf(batch);
    items.set(batch.tenantId, [...(items.get(batch.tenantId) ?? []), ...positions]);
  }
  return items;
}

/** An entry of an epoch begins so, and no other does. */
export function textOf({ op, epoch }: { op: string; epoch: number }): string {
  return `"op":"${op}","epoch":${epoch},`;
}

/** An entry about a root version begins so. */
export function rootText(op: string, root: string): string {
  return `"op":"${op}","root":${JSON.stringify(root)},`;
}

function mapBeforeOf({ mapBefore }: EpochJob): string {
  if (!mapBefore) throw new Error('an epoch without its first map head');
  return mapHeadHash(mapBefore).toString('base64url');
}
