import { Refusal } from '@mnv/core';
import type { Clock } from '@mnv/core';
import type { Disposal, DisposalKey, Intent } from './disposal.ts';
import { isFinal } from './is-final.ts';
import type { VaultDisposals } from './vault-disposals.ts';

/** A draft that the vault did not take: its requester has been told, or will ask again. */
const ASKED_IN_VAIN_MS = 10 * 60 * 1000;
const RESTING_MS = 60_000;
const APPROVALS_NEEDED = 2;

export type WatchDependencies = {
  vault: Pick<VaultDisposals, 'order' | 'stop'>;
  listWatched(): Promise<DisposalKey[]>;
  endWatch(disposalId: string): Promise<void>;
  findDisposal(key: DisposalKey): Promise<Disposal | undefined>;
  look(disposal: Disposal): Promise<Disposal>;
  withdrawIntent(key: DisposalKey, what: Intent): Promise<void>;
  /** Throws Refusal `held`, `disposal-conflict` while something keeps a record of the disposal. */
  requireNotKept(key: DisposalKey): Promise<void>;
  certify(disposal: Disposal): Promise<void>;
  /** Told of each disposal that could not go on now; it is looked at again. */
  reportWaiting(key: DisposalKey, error: unknown): void;
  clock: Clock;
};

/**
 * Looks once at every disposal under way and does what is left to do: what a person ordered or stopped here and
 * the vault has not heard, a stop of what was ordered and is held, and the certificate of what is erased. Under
 * this service's own identity it can do only what people approved. Every step can be done twice, so a crash leaves
 * nothing to mend.
 */
export function makeWatchDisposals(deps: WatchDependencies): () => Promise<void> {
  return async () => {
    for (const key of await deps.listWatched()) {
      try {
        if (await isDone(key)) await deps.endWatch(key.disposalId);
      } catch (error) {
        deps.reportWaiting(key, error);
      }
    }
  };

  async function isDone(key: DisposalKey): Promise<boolean> {
    const found = await deps.findDisposal(key);
    if (!found) return true;
    if (isResting(found)) return false;
    const disposal = await deps.look(found);
    if (disposal.vaultState === undefined) return wasAskedInVain(disposal);
    if (disposal.vaultState === 'stopped') return true;
    if (disposal.vaultState !== 'erased') {
      await catchUp(disposal);
      return false;
    }
    await deps.certify(disposal);
    return true;
  }

  /** Waits for people, who may take days: nothing is left to do here, and the vault is asked now and then. */
  function isResting({ vaultState, orderedAt, stopAt, lookedAt }: Disposal): boolean {
    if (vaultState !== 'requested' || orderedAt || stopAt || !lookedAt) return false;
    return deps.clock() - lookedAt.getTime() < RESTING_MS;
  }

  function wasAskedInVain({ askedAt }: Disposal): boolean {
    return askedAt === undefined || deps.clock() - askedAt.getTime() > ASKED_IN_VAIN_MS;
  }

  /** What was written down here before the vault was asked, and a crash came in between. */
  async function catchUp(disposal: Disposal): Promise<void> {
    const { vaultState, stopAt, orderedAt, held, approvals } = disposal;
    const stoppable = vaultState === 'requested' || vaultState === 'frozen';
    const orderable = vaultState === 'requested' && !held && approvals >= APPROVALS_NEEDED;
    if (stopAt && stoppable) await carryOut(disposal, 'stop_at', deps.vault.stop);
    else if (vaultState === 'frozen' || vaultState === 'intent') await stopIfHeld(disposal, deps);
    else if (orderedAt && orderable) await carryOut(disposal, 'ordered_at', orderUnlessKept);
  }

  async function orderUnlessKept(key: DisposalKey): Promise<void> {
    await deps.requireNotKept(key);
    await deps.vault.order(key);
  }

  async function carryOut(
    disposal: Disposal,
    intent: Intent,
    ask: (key: DisposalKey) => Promise<void>,
  ): Promise<void> {
    try {
      await ask(disposal);
    } catch (error) {
      if (isFinal(error)) await deps.withdrawIntent(disposal, intent);
      throw error;
    }
  }
}

/** A hold that was placed after the order: whoever placed it may never come to report it to the vault. */
async function stopIfHeld(key: DisposalKey, deps: WatchDependencies): Promise<void> {
  try {
    await deps.requireNotKept(key);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // What is needed again is a task of people.
    if (error.code === 'held') await deps.vault.stop(key);
  }
}
