import { groupsToRekey } from './epoch-groups.ts';
import type { RekeyGroup } from './epoch-groups.ts';
import type { EpochHooks, ErasurePlan } from './erasure-plan.ts';
import { flipEpoch } from './flip-epoch.ts';
import type { TreeParts } from './node-opener.ts';
import { rekeyGroups } from './rekey-groups.ts';
import type { Rekeyed } from './rekey-groups.ts';
import { RootUnavailableError, rootLabel } from './root-provider.ts';
import type { RootEvidence } from './root-provider.ts';
import { StaleNodeError } from './tree-store.ts';
import type { TreeHead } from './tree-store.ts';

/** What one step did. Every step but the last leaves a tree that serves all living records. */
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

/** How often a step may lose against writers before that is a fault. */
const TRIES = 10;

/**
 * One erasure epoch as a loop of small steps: new root version, re-key bottom-up, flip. The caller holds the
 * one lease there is, has the approvals, and has witnessed the intent; an epoch without a destroyed old root
 * has erased nothing yet.
 */
export function erasureEpoch<Tx>(
  parts: TreeParts<Tx>,
  plan: ErasurePlan,
  hooks: EpochHooks<Tx>,
): ErasureEpoch {
  let groups: AsyncGenerator<RekeyGroup[]> | undefined;

  async function step(): Promise<EpochStep> {
    const head = await parts.store.readHead();
    if (head === undefined) throw new RootUnavailableError('no tree');
    if (head.epoch >= plan.epoch) return { did: 'nothing', head };
    const created = await createRoot(parts, plan);
    if (created) return { did: 'root-created', ...created };
    groups ??= groupsToRekey(parts.store, plan);
    const { value, done } = await groups.next();
    if (done) return { did: 'flipped', head: await flipEpoch(parts, { plan, hooks }) };
    return { did: 'rekeyed', ...(await rekeyGroups(parts, { plan, hooks, groups: value })) };
  }

  /** A failed step looks at everything again: the generator's place is only a memory. */
  async function next(): Promise<EpochStep> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await step();
      } catch (error) {
        groups = undefined;
        if (!(error instanceof StaleNodeError) || tries === TRIES) throw error;
      }
    }
  }

  return { next };
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
