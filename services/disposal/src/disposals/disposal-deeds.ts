import { Refusal } from '@mnv/core';
import type { ServiceOperation } from '@mnv/protocol';
import type { Caller } from '@mnv/service-kit';
import type { Disposal, DisposalKey, Intent } from './disposal.ts';
import { isStoppedDraft } from './is-stopped-draft.ts';
import type { VaultDisposals } from './vault-disposals.ts';

export type DeedName = 'request' | 'approve' | 'hold' | 'order' | 'stop';

/** What a person can have done to a disposal. */
export type Deed = {
  operation: ServiceOperation;
  /** Whether a legal hold forbids it, or that a record is needed again. */
  forbiddenWhileKept?: true;
  /** What is noted before the vault is asked, so that a crash in between is made good. */
  notes?: Intent;
  ask(disposal: Disposal, by: { caller: Caller; jws: string }): Promise<void>;
};

export type DeedDependencies = {
  vault: VaultDisposals;
  withdrawIntent(key: DisposalKey, what: Intent): Promise<void>;
  recordIdsOf(key: DisposalKey, count: number): Promise<string[]>;
};

export function makeDeeds(deps: DeedDependencies): Record<DeedName, Deed> {
  const { vault } = deps;
  return {
    request: {
      operation: 'request-disposal',
      forbiddenWhileKept: true,
      notes: 'asked_at',
      ask: async (disposal, by) => {
        if (isStoppedDraft(disposal))
          throw new Refusal('disposal-conflict', 'The draft was stopped. Make another.');
        const recordIds = await deps.recordIdsOf(disposal, disposal.count);
        await vault.request(disposal, by, { recordIds, caseId: disposal.caseId });
      },
    },
    approve: {
      operation: 'approve-disposal',
      forbiddenWhileKept: true,
      ask: (disposal, by) => vault.approve(disposal, by),
    },
    hold: {
      operation: 'report-hold',
      ask: async (disposal, by) => {
        // An order from before the hold must not be caught up on after it.
        await deps.withdrawIntent(disposal, 'ordered_at');
        await vault.hold(disposal, by);
      },
    },
    order: {
      operation: 'order-disposal',
      forbiddenWhileKept: true,
      notes: 'ordered_at',
      ask: (disposal) => vault.order(disposal),
    },
    stop: {
      operation: 'stop-disposal',
      notes: 'stop_at',
      ask: (disposal) => stop(disposal),
    },
  };

  /** A draft that the vault never took is this service's alone, and ends here. */
  async function stop(disposal: Disposal): Promise<void> {
    try {
      await vault.stop(disposal);
    } catch (error) {
      const isUnknown = error instanceof Refusal && error.code === 'not-found';
      if (!isUnknown || disposal.vaultState !== undefined) throw error;
      await deps.withdrawIntent(disposal, 'asked_at');
    }
  }
}
