import type { Kysely, Transaction } from 'kysely';
import { Refusal } from '@mnv/core';
import { withTenant } from '@mnv/service-kit';
import type { VaultDatabase } from '../database.ts';
import { abortIfReversible } from '../epoch/epoch-queue.repository.ts';
import { findActs, insertAct, voidApprovals } from './disposal-act.repository.ts';
import type { DisposalDependencies, LockedSteps } from './disposal-dependencies.ts';
import type { Disposal } from './disposal.ts';
import { closeItems, freezeRecords, releaseFromFreeze } from './disposal-item.repository.ts';
import {
  lockDisposal,
  markHeld,
  markOrdered,
  markStopped,
  withdrawOrder,
} from './disposal.repository.ts';

type Trx = Transaction<VaultDatabase>;
export type CapOf = (trx: Trx, tenantId: string) => Promise<number>;

/** Work on a batch that nobody else changes meanwhile, in one transaction of its tenant. */
export function makeWhileLocked(deps: {
  db: Kysely<VaultDatabase>;
  capOf: CapOf;
}): DisposalDependencies['whileLocked'] {
  return (named, work) =>
    withTenant(deps.db, named.tenantId, async (trx) => {
      const disposal = await lockDisposal(trx, named);
      if (!disposal) throw new Refusal('not-found', 'The tenant has no such disposal.');
      return work(disposal, stepsOf(trx, disposal, deps.capOf));
    });
}

function stepsOf(trx: Trx, disposal: Disposal, capOf: CapOf): LockedSteps {
  const { disposalId } = disposal;
  return {
    findActs: () => findActs(trx, disposalId),
    insertAct: (act) => insertAct(trx, disposal, act),
    voidApprovals: () => voidApprovals(trx, disposalId),
    markHeld: () => markHeld(trx, disposalId),
    markOrdered: (approvals) => markOrdered(trx, disposalId, approvals),
    markStopped: () => markStopped(trx, disposalId),
    capOfEpoch: () => capOf(trx, disposal.tenantId),
    freeze: () => freezeRecords(trx, disposal),
    withdraw: () => withdraw(trx, disposal),
    closeItems: () => closeItems(trx, disposal),
  };
}

/**
 * The epoch decides whether it is too late: it turns to re-keying in one statement, and this is the other one
 * on the same row. Whoever comes second finds it decided.
 */
async function withdraw(trx: Trx, disposal: Disposal): Promise<void> {
  const { epoch, disposalId } = disposal;
  if (epoch !== undefined && !(await abortIfReversible(trx, epoch)))
    throw new Refusal('too-late', 'Keys of the batch are erased. There is no way back.');
  await withdrawOrder(trx, disposalId);
  await releaseFromFreeze(trx, disposal);
}
