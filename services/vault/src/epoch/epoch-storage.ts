import type { Kysely } from 'kysely';
import { withTenant } from '@mnv/service-kit';
import type { VaultDatabase } from '../database.ts';
import { findActs } from '../disposal/disposal-act.repository.ts';
import type { DisposalDependencies } from '../disposal/disposal-dependencies.ts';
import type { CapOf } from '../disposal/while-locked.ts';
import { countInstances } from '../instance/instance.repository.ts';
import type { KeyTreeTransaction } from '../key-tree.repository.ts';
import { keepEgressOf } from './count-egress.ts';
import { findRestored, keepEgress, readReleases } from './egress.repository.ts';
import type { EpochDependencies, EpochTimes } from './epoch-dependencies.ts';
import { disposeOf, keepProofs, positionsOf, readItems } from './epoch-item.repository.ts';
import {
  advanceJob,
  fenceJob,
  findFlip,
  findJob,
  newestEpoch,
  takeOpenJob,
} from './epoch-job.repository.ts';
import type { PlannedEpoch } from './epoch-queue.repository.ts';
import {
  assignRotations,
  batchesOfEpoch,
  findWaiting,
  findWaitingRotation,
  insertJob,
  returnToQueue,
} from './epoch-queue.repository.ts';
import { isDrained } from './epoch-wait.repository.ts';

const UNIQUE_VIOLATION = '23505';

type Db = Kysely<VaultDatabase>;
type Storage = Omit<
  EpochDependencies,
  | keyof EpochTimes
  | 'tree'
  | 'deployment'
  | 'clock'
  | 'recordOnce'
  | 'isRecorded'
  | 'findPlanned'
  | 'sizeOfLog'
  | 'entriesProven'
  | 'newestVerified'
  | 'isSafeguarded'
  | 'report'
>;

/** What an epoch reads and writes, over the vault's database. */
export function epochStorage(parts: {
  db: Db;
  tree: { parts: { store: { countBefore(epoch: number): Promise<number> } } };
  capOf: CapOf;
  times: EpochTimes;
  whileLocked: DisposalDependencies['whileLocked'];
}): Storage {
  const { db, times } = parts;
  return {
    takeOpenJob: () => takeOpenJob(db),
    newestEpoch: () => newestEpoch(db),
    findJob: (epoch) => findJob(db, epoch),
    findFlip: (epoch) => findFlip(db, epoch),
    findWaiting: () => findWaiting(db, times.settleMs),
    hasWaitingRotation: async () => (await findWaitingRotation(db)) !== undefined,
    capOf: (tenantId) => withTenant(db, tenantId, (trx) => parts.capOf(trx, tenantId)),
    openJob: (planned) => openJob(db, planned),
    advance: (job, progress) => advanceJob(db, job, progress),
    keepFlip: (job, mapAfter, tx) => advanceJob(tx, job, { state: 'flipped', mapAfter }),
    fence: (job, tx: KeyTreeTransaction) => fenceJob(job, tx),
    batchesOf: (epoch) => batchesOfEpoch(db, epoch),
    findActs: ({ tenantId, disposalId }) =>
      withTenant(db, tenantId, (trx) => findActs(trx, disposalId)),
    withdraw: (batch) => parts.whileLocked(batch, (_, steps) => steps.withdraw()),
    closeAborted: (job) =>
      db.transaction().execute(async (trx) => {
        await returnToQueue(trx, job.epoch);
        return advanceJob(trx, job, { state: 'aborted' });
      }),
    positionsOf: (batch) => positionsOf(db, batch),
    readItems: (batch, range) => readItems(db, batch, range),
    keepProofs: (job, batch, kept) =>
      withTenant(db, batch.tenantId, async (trx) => {
        await fenceJob(job, trx);
        await keepProofs(trx, batch, kept);
      }),
    disposeOf,
    keepEgress: ({ epoch }, batch) =>
      keepEgressOf(batch, {
        readItems: (range) => readItems(db, batch, range),
        readReleases: () => readReleases(db, { tenantId: batch.tenantId, epoch }),
        findRestored: (recordIds) => findRestored(db, batch, recordIds),
        keepEgress: (counted) => keepEgress(db, batch, counted),
      }),
    countBefore: (epoch) => parts.tree.parts.store.countBefore(epoch),
    isDrained: (epoch) => isDrained(db, { epoch, drainMs: times.drainMs }),
    countInstances: (epoch) => countInstances(db, { epoch, silentMs: times.silentMs }),
  };
}

class NothingWaits extends Error {
  override readonly name = 'NothingWaits';
}

async function openJob(db: Db, planned: PlannedEpoch): Promise<boolean> {
  try {
    await db.transaction().execute(async (trx) => {
      const taken = await insertJob(trx, planned);
      if (planned.kind === 'rotation') await assignRotations(trx, planned.epoch);
      // All of them were held or stopped in between.
      else if (taken === 0) throw new NothingWaits();
    });
    return true;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (error instanceof NothingWaits || code === UNIQUE_VIOLATION) return false;
    throw error;
  }
}
