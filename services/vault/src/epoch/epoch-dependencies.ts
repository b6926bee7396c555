import type { ErasedSlot, KeyTree, MapHead } from '@mnv/erasure-tree';
import type { Clock } from '@mnv/core';
import type { PlacedEntry } from '../control/control-search.repository.ts';
import type { RecordOnce } from '../control/record-once.ts';
import type { DisposalAct } from '../disposal/disposal.ts';
import type { KeyTreeTransaction } from '../key-tree.repository.ts';
import type { KeptItem, KeptProof } from './epoch-item.repository.ts';
import type { Progress } from './epoch-job.repository.ts';
import type { EpochBatch, EpochJob } from './epoch-job.ts';
import type { PlannedEpoch } from './epoch-queue.repository.ts';

type Batch = Pick<EpochBatch, 'disposalId' | 'tenantId'>;

/** How an epoch is paced and bounded. */
export type EpochTimes = {
  /** How long orders gather before an epoch takes them. */
  settleMs: number;
  /** Longer than any read that began before the freeze can take to reach its reader. */
  drainMs: number;
  /** An instance silent for so long has stopped answering by itself. */
  silentMs: number;
  /** How long an old root version is kept after the flip. */
  graceMs: number;
};

/** How much an epoch may erase of a tenant, and how it is paced. */
export type EpochSettings = {
  cap: { share: number; minimum: number };
  times: EpochTimes;
  lookEveryMs?: number;
  rootsEveryMs?: number;
};

export type EpochDependencies = EpochTimes & {
  tree: KeyTree<KeyTreeTransaction>;
  deployment: string;
  clock: Clock;
  recordOnce: RecordOnce;
  /** Whether the control log holds a text, from an index on. */
  isRecorded(wanted: { from: number; text: string }): Promise<boolean>;
  /** When (ms) a root version will be destroyed, as the control log announced it last, and where. */
  findPlanned(root: string): Promise<{ at: number; index: number } | undefined>;
  sizeOfLog(): Promise<number>;
  /** Entries of the control log proven under its newest signed checkpoint, from an index on. */
  entriesProven(from: number): Promise<PlacedEntry[]>;
  takeOpenJob(): Promise<EpochJob | undefined>;
  newestEpoch(): Promise<number>;
  findWaiting(): Promise<EpochBatch[]>;
  hasWaitingRotation(): Promise<boolean>;
  /** What one epoch may erase of a tenant. */
  capOf(tenantId: string): Promise<number>;
  /** False when another open job is in the way, or nothing waits any more. */
  openJob(planned: PlannedEpoch): Promise<boolean>;
  advance(job: EpochJob, progress: Progress): Promise<EpochJob>;
  /** The same within the flip's own transaction. */
  keepFlip(job: EpochJob, mapHead: MapHead, tx: KeyTreeTransaction): Promise<EpochJob>;
  fence(job: EpochJob, tx: KeyTreeTransaction): Promise<void>;
  findJob(epoch: number): Promise<EpochJob | undefined>;
  batchesOf(epoch: number): Promise<EpochBatch[]>;
  findActs(batch: Batch): Promise<DisposalAct[]>;
  /** Out of the queue, and out of its epoch, which is then aborted; its records read again. */
  withdraw(batch: Batch): Promise<void>;
  /** Gives back what an aborted epoch had taken. */
  closeAborted(job: EpochJob): Promise<EpochJob>;
  positionsOf(batch: Batch): Promise<number[]>;
  readItems(batch: Batch, range: { from: number; limit: number }): Promise<KeptItem[]>;
  keepProofs(
    job: EpochJob,
    batch: Batch,
    kept: { when: 'before' | 'after'; proofs: readonly KeptProof[] },
  ): Promise<void>;
  disposeOf(tx: KeyTreeTransaction, epoch: number, slots: readonly ErasedSlot[]): Promise<void>;
  /** Keeps for each record of a batch what had been released of it when the epoch was planned. */
  keepEgress(job: EpochJob, batch: EpochBatch): Promise<void>;
  countBefore(epoch: number): Promise<number>;
  /** Whether every read from before the freeze has reached its reader or never will. */
  isDrained(epoch: number): Promise<boolean>;
  /** Instances that have said so, and those that still might answer from before the flip. */
  countInstances(epoch: number): Promise<{ acked: number; lagging: number }>;
  findFlip(epoch: number): Promise<number | undefined>;
  /** The newest epoch of which the control log says that an export was restored and sampled. */
  newestVerified(): Promise<number | undefined>;
  /** Whether such an export of this or a later epoch still lies in every place, whole. */
  isSafeguarded(epoch: number): Promise<boolean>;
  report(event: string, facts: object): void;
};
