import type { ControlEntry } from '@mnv/protocol';
import type { FindFault } from './control-automaton.ts';

/** How long an approval lives. */
export const APPROVAL_MS = 14 * 24 * 60 * 60 * 1000;
const APPROVALS_NEEDED = 2;

/** The batches of one intent, as a certificate opens its manifest. */
export type ErasedBatches = { readonly intentIndex: number; readonly batches: readonly string[] };

type Batch = {
  readonly cnt: number;
  approvals: { readonly by: string; readonly t: number }[];
  stopped: boolean;
  erased: boolean;
};

type Intent = Extract<ControlEntry, { op: 'erasure.intent' }>;
type AboutBatch = Extract<
  ControlEntry,
  { op: 'disposal.approved' | 'disposal.held' | 'disposal.stopped' }
>;

/** What people asked, approved and held, and whether an epoch had the right to erase. */
export class BatchRules {
  readonly #find: FindFault;
  readonly #erased: ErasedBatches | undefined;
  readonly #batches = new Map<string, Batch>();

  constructor(find: FindFault, erased?: ErasedBatches) {
    this.#find = find;
    this.#erased = erased;
  }

  judge(entry: ControlEntry, index: number): void {
    if (entry.op === 'disposal.requested') this.#requested(entry, index);
    if (isAboutBatch(entry)) this.#changed(entry, index);
    if (entry.op !== 'erasure.intent') return;
    if (this.#erased?.intentIndex === index) this.#erasedKnown(entry, index);
    else this.#erasedUnknown(entry, index);
  }

  /** Asked for again, after a stop or after a crash: approvals of before do not count. */
  #requested({ batch, cnt }: Extract<ControlEntry, { op: 'disposal.requested' }>, index: number) {
    const erased = this.#batches.get(batch)?.erased ?? false;
    if (erased) this.#find('batch-erased-before', index);
    this.#batches.set(batch, { cnt, approvals: [], stopped: false, erased });
  }

  #changed(entry: AboutBatch, index: number): void {
    const batch = this.#batches.get(entry.batch);
    if (!batch) this.#find('batch-unknown', index);
    else if (entry.op === 'disposal.approved')
      // One that comes too late changes nothing: a third person may sign while the epoch begins.
      batch.approvals.push({ by: entry.by, t: entry.t });
    else if (batch.erased) this.#find('batch-erased-before', index);
    else if (entry.op === 'disposal.stopped') batch.stopped = true;
    else batch.approvals = [];
  }

  #erasedKnown({ t, cnt }: Intent, index: number): void {
    const batches = this.#erased?.batches.map((hash) => this.#batches.get(hash)) ?? [];
    for (const batch of batches) {
      if (!isApproved(batch, t)) this.#find('approvals-missing', index);
      if (batch) batch.erased = true;
    }
    if (recordsIn(batches) !== cnt) this.#find('count-differs', index);
  }

  /** Nobody opened this manifest: there must be approved batches enough for it. */
  #erasedUnknown({ t, cnt }: Intent, index: number): void {
    const approved = [...this.#batches.values()].filter((batch) => isApproved(batch, t));
    if (recordsIn(approved) < cnt) this.#find('approvals-missing', index);
  }
}

function isApproved(batch: Batch | undefined, now: number): boolean {
  if (!batch || batch.stopped) return false;
  const fresh = batch.approvals.filter(({ t }) => now - t <= APPROVAL_MS).map(({ by }) => by);
  return new Set(fresh).size >= APPROVALS_NEEDED;
}

function recordsIn(batches: readonly (Batch | undefined)[]): number {
  return batches.reduce((sum, batch) => sum + (batch?.cnt ?? 0), 0);
}

function isAboutBatch(entry: ControlEntry): entry is AboutBatch {
  const { op } = entry;
  return op === 'disposal.approved' || op === 'disposal.held' || op === 'disposal.stopped';
}
