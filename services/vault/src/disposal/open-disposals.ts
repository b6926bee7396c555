import type { Router } from 'express';
import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '@mnv/core';
import { Refusal } from '@mnv/core';
import type { ControlEvent } from '@mnv/protocol';
import { withTenant } from '@mnv/service-kit';
import type { ReadCertificate } from '@mnv/service-kit';
import type { OpenedControlLog } from '../control/open-control-log.ts';
import type { VaultDatabase } from '../database.ts';
import { readItems } from '../epoch/epoch-item.repository.ts';
import { findJob } from '../epoch/epoch-job.repository.ts';
import { batchesOfEpoch } from '../epoch/epoch-queue.repository.ts';
import type { RequireRight } from '../person.ts';
import type { RestoreFence } from '../restore/restore-fence.ts';
import { makeApproveDisposal } from './approve-disposal.ts';
import { findCertificate, keepCertificate } from './certificate.repository.ts';
import { findActs, insertAct, isRequestUsed } from './disposal-act.repository.ts';
import type { DisposalDependencies, NamedDisposal } from './disposal-dependencies.ts';
import { countErased, insertItems, lookAtRecords } from './disposal-item.repository.ts';
import { findDisposal, insertDisposal, keepStoppedIndex } from './disposal.repository.ts';
import { disposalRoutes } from './disposals.routes.ts';
import { makeShowEvidence } from './evidence.ts';
import type { EvidenceDependencies } from './evidence.ts';
import { evidenceRoutes } from './evidence.routes.ts';
import { makeHoldDisposal } from './hold-disposal.ts';
import { makeJudgeAct } from './judge-act.ts';
import { makeOrderDisposal } from './order-disposal.ts';
import { makeRecordCertificate } from './record-certificate.ts';
import type { NewDisposal } from './request-disposal.ts';
import { makeRequestDisposal } from './request-disposal.ts';
import { makeShowDisposal } from './show-disposal.ts';
import { makeStopDisposal } from './stop-disposal.ts';
import { makeWhileLocked } from './while-locked.ts';

export type DisposalParts = {
  db: Kysely<VaultDatabase>;
  deployment: string;
  control: Pick<OpenedControlLog, 'controlLog' | 'search'>;
  requireRight: RequireRight;
  readCertificate: ReadCertificate;
  capOf(trx: Transaction<VaultDatabase>, tenantId: string): Promise<number>;
  livingRoots: EvidenceDependencies['livingRoots'];
  /** Closed, nobody's act is taken. */
  fence: Pick<RestoreFence, 'whenOpen'>;
  clock: Clock;
};

/** Wires everything people do about batches, and what is shown of them. */
export function openDisposals(parts: DisposalParts): Router[] {
  const { db, fence } = parts;
  const deps = dependenciesOf(parts);
  const shown = {
    findDisposal: deps.findDisposal,
    findActs: deps.findActs,
    findJob: (epoch: number) => findJob(db, epoch),
  };
  const useCases = {
    requestDisposal: fence.whenOpen(makeRequestDisposal(deps)),
    approveDisposal: fence.whenOpen(makeApproveDisposal(deps)),
    holdDisposal: fence.whenOpen(makeHoldDisposal(deps)),
    orderDisposal: fence.whenOpen(makeOrderDisposal(deps)),
    stopDisposal: fence.whenOpen(makeStopDisposal(deps)),
    showDisposal: makeShowDisposal({
      ...shown,
      countErased: ({ tenantId, disposalId }) =>
        withTenant(db, tenantId, (trx) => countErased(trx, disposalId)),
      findJob: (epoch) => findJob(db, epoch),
    }),
  };
  const showEvidence = makeShowEvidence({
    ...shown,
    deployment: parts.deployment,
    batchesOf: (epoch) => batchesOfEpoch(db, epoch),
    livingRoots: parts.livingRoots,
    readItems: (named, range) => readItems(db, named, range),
  });
  const recordCertificate = makeRecordCertificate({
    findDisposal: deps.findDisposal,
    record: deps.record,
    findCertificate: (disposalId, hash) => findCertificate(db, disposalId, hash),
    keepCertificate: (disposalId, hash, index) => keepCertificate(db, disposalId, hash, index),
  });
  return [disposalRoutes(useCases), evidenceRoutes({ showEvidence, recordCertificate })];
}

function dependenciesOf(parts: DisposalParts): DisposalDependencies {
  const { db, control, clock } = parts;
  return {
    judgeAct: makeJudgeAct(parts),
    record: (event) => record(event, control),
    findDisposal: (named) => findDisposal(db, named),
    findActs: ({ tenantId, disposalId }) =>
      withTenant(db, tenantId, (trx) => findActs(trx, disposalId)),
    lookAtRecords: (tenantId, ids) =>
      withTenant(db, tenantId, (trx) => lookAtRecords(trx, tenantId, ids)),
    requireUnused: async (tenantId, rid) => {
      const used = await withTenant(db, tenantId, (trx) => isRequestUsed(trx, tenantId, rid));
      if (used) throw new Refusal('request-replayed', 'The signed request was used before.');
    },
    storeDisposal: (disposal) => storeDisposal(db, disposal),
    entriesOfBatch: (batchHash, from) => control.search({ from, text: `"batch":"${batchHash}"` }),
    whileLocked: makeWhileLocked({ db, capOf: parts.capOf }),
    keepStoppedIndex: (disposalId, index) => keepStoppedIndex(db, disposalId, index),
    clock,
  };
}

async function record(
  event: ControlEvent,
  { controlLog }: DisposalParts['control'],
): Promise<number> {
  const recorded = await controlLog.append([event]);
  if (!recorded) throw new Error('an append without a condition was refused');
  return recorded.first;
}

class Taken extends Error {
  override readonly name = 'Taken';
}

async function storeDisposal(
  db: Kysely<VaultDatabase>,
  { batch, recordIds, act }: NewDisposal,
): Promise<boolean> {
  const named: NamedDisposal = batch;
  const unstarted = { held: false, epoch: undefined, approvals: [], stoppedIndex: undefined };
  try {
    await withTenant(db, batch.tenantId, async (trx) => {
      if (!(await insertDisposal(trx, { ...batch, ...unstarted }))) throw new Taken();
      if (!(await insertAct(trx, named, act))) throw new Taken();
      if ((await insertItems(trx, named, recordIds)) !== batch.count) throw new Taken();
    });
    return true;
  } catch (error) {
    if (error instanceof Taken) return false;
    throw error;
  }
}
