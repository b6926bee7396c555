import { groupsToRekey } from './epoch-groups.ts';
import { isRotation } from './erasure-plan.ts';
import type { EpochHooks, ErasurePlan } from './erasure-plan.ts';
import { flipEpoch } from './flip-epoch.ts';
import type { NodeGroup } from './node-groups.ts';
import type { TreeParts } from './node-opener.ts';
import { plannedLeaves } from './planned-leaves.ts';
import { rekeyGroups } from './rekey-groups.ts';
import type { Rekeyed } from './rekey-groups.ts';
import { retryStale } from './retry-stale.ts';
import { RootUnavailableError, rootLabel } from './root-provider.ts';
import type { RootEvidence } from './root-provider.ts';
import type { TreeHead } from './tree-store.ts';

/** What one step did. After every step the tree serves all living records. */
export type EpochStep =
  | { readonly did: 'root-created'; readonly ref: string; readonly birthEvidence: RootEvidence[] }
  | ({ readonly did: 'rekeyed' } & Rekeyed)
  | { readonly did: 'flipped'; readonly head: TreeHead }
  | { readonly did: 'nothing'; readonly head: TreeHead };

export type ErasureEpoch = {
  /**
   * Observes what is durable and takes the next step. Safe to call again after any failure, in this process
   * or another: nothing is remembered that the tree and the root provider do not know.
   */
  next(): Promise<EpochStep>;
};

/**
 * One erasure epoch as a loop of small steps: new root version, re-key bottom-up, flip. The caller holds the
 * one lease there is, has the approvals, and has witnessed the intent; until the old root versions are
 * destroyed, nothing has been erased yet.
 */
export function erasureEpoch<Tx>(
  parts: TreeParts<Tx>,
  plan: ErasurePlan,
  hooks: EpochHooks<Tx>,
): ErasureEpoch {
  const work = { plan, hooks, planned: plannedLeaves(plan) };
  let groups: AsyncGenerator<NodeGroup[]> | undefined;
  let hasRoot = false;

  async function step(): Promise<EpochStep> {
    const head = await parts.store.readHead();
    if (head === undefined) throw new RootUnavailableError('no tree');
    if (head.epoch >= plan.epoch) return afterFlip(head);
    const created = hasRoot ? undefined : await createRoot(parts, plan);
    hasRoot = true;
    if (created) return { did: 'root-created', ...created };
    return (await rekeyNext()) ?? { did: 'flipped', head: await flipEpoch(parts, work) };
  }

  async function rekeyNext(): Promise<EpochStep | undefined> {
    groups ??= groupsToRekey(parts.store, plan);
    const { value, done } = await groups.next();
    if (done) groups = undefined;
    return done ? undefined : { did: 'rekeyed', ...(await rekeyGroups(parts, work, value)) };
  }

  /** A rotation also takes the nodes that were being made while it flipped. */
  async function afterFlip(head: TreeHead): Promise<EpochStep> {
    const straggler = isRotation(plan) && head.epoch === plan.epoch ? await rekeyNext() : undefined;
    return straggler ?? { did: 'nothing', head };
  }

  /** After a failure the tree is looked at again: the generator's place is only a memory. */
  async function stepOrForget(): Promise<EpochStep> {
    try {
      return await step();
    } catch (error) {
      groups = undefined;
      hasRoot = false;
      throw error;
    }
  }

  return { next: () => retryStale(stepOrForget) };
}

/**
 * Makes the root version unless it exists: one left by a crash is taken up, for its label names deployment
 * and epoch. One that was destroyed belongs to an aborted epoch, whose number is spent.
 */
async function createRoot<Tx>(
  { root, deployment }: TreeParts<Tx>,
  { epoch }: ErasurePlan,
): Promise<{ ref: string; birthEvidence: RootEvidence[] } | undefined> {
  const label = rootLabel(deployment, epoch);
  const status = await root.status(label);
  if (status === 'unknown') return root.create(label);
  if (status !== 'enabled') throw new RootUnavailableError(status);
  return undefined;
}
