import type { Clock } from '@mnv/core';
import type { ControlEvent } from '@mnv/protocol';
import type { PlacedEntry } from '../control/control-search.repository.ts';
import type { Disposal, DisposalAct } from './disposal.ts';
import type { RecordsFound } from './disposal-item.repository.ts';
import type { JudgeAct } from './judge-act.ts';
import type { NewDisposal } from './request-disposal.ts';

export type NamedDisposal = { tenantId: string; disposalId: string };

/** What the acts about a batch share. */
export type DisposalDependencies = {
  judgeAct: JudgeAct;
  /** Appends to the control log; answers the place once it is durable. */
  record(event: ControlEvent): Promise<number>;
  findDisposal(named: NamedDisposal): Promise<Disposal | undefined>;
  findActs(named: NamedDisposal): Promise<DisposalAct[]>;
  lookAtRecords(tenantId: string, recordIds: readonly string[]): Promise<RecordsFound>;
  /** Throws Refusal `request-replayed` when the signed request was used for any act. */
  requireUnused(tenantId: string, rid: string): Promise<void>;
  /** False when somebody else was quicker with the id, a record, or the signed request. */
  storeDisposal(disposal: NewDisposal): Promise<boolean>;
  /** Every entry of the control log that names the batch, from an index on. */
  entriesOfBatch(batchHash: string, from: number): Promise<PlacedEntry[]>;
  /** A transaction of the tenant, in which nobody else changes the batch. */
  whileLocked<T>(
    named: NamedDisposal,
    work: (disposal: Disposal, steps: LockedSteps) => Promise<T>,
  ): Promise<T>;
  keepStoppedIndex(disposalId: string, index: number): Promise<void>;
  clock: Clock;
};

/** What can be done to a locked batch; durable together or not at all. */
export type LockedSteps = {
  findActs(): Promise<DisposalAct[]>;
  /** False when the signed request was used before. */
  insertAct(act: Omit<DisposalAct, 'void'>): Promise<boolean>;
  voidApprovals(): Promise<void>;
  markHeld(): Promise<void>;
  markOrdered(approvals: number[]): Promise<void>;
  markStopped(): Promise<void>;
  /** What one epoch may erase of the tenant. */
  capOfEpoch(): Promise<number>;
  freeze(): Promise<number>;
  /** Out of the queue and out of an epoch that has not begun to re-key; the records read again. */
  withdraw(): Promise<void>;
  closeItems(): Promise<void>;
};
