import type { KeyObject } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '@mnv/core';
import { Refusal } from '@mnv/core';
import { beforeDeadline, IndeterminateError } from '@mnv/service-kit';
import type { NoteSigner } from '@mnv/transparency-log';
import { formatCheckpoint, noteSigner, signNote } from '@mnv/transparency-log';
import type { KnownNodes } from './known-nodes.ts';
import type { EntryDraft, LaidOutBatch, LogHead, LogIdentity } from './log-head.ts';
import { advance, layOut } from './log-head.ts';
import { AppendQueue } from './append-queue.ts';
import type { Waiting } from './append-queue.ts';

const APPEND_DEADLINE_MS = 1_000;
const MAX_TRIES = 8;
/** Of the event loop. Each lets in what has arrived; in a process with nothing else to do they take microseconds. */
const GATHERING_TURNS = 3;
const MAX_KEPT_NODES = 32_768;

/** A batch that is durable: what proofs about its entries are built from. */
export type DurableBatch = LogIdentity & {
  size: number;
  checkpoint: string;
  nodes: KnownNodes;
};

/** The entries of one request, durable and in one run. */
export type Appended = { first: number; entries: Buffer[]; batch: DurableBatch };

/** Who waits: interactive requests are never queued behind bulk ones. */
export type Lane = 'interactive' | 'bulk';

export type NewBatch = { logId: string; batch: LaidOutBatch; checkpoint: string };

export type AppendDependencies = {
  /** Reads where the log stands in the database. */
  loadHead(logId: string): Promise<LogHead>;
  /** Inserts the batches durably in one statement; answers the logs that took theirs. Throws when in doubt. */
  insertBatches(batches: NewBatch[], deadlineMs: number): Promise<Set<string>>;
  /** Told of every append that is in doubt, for the service log. */
  reportDoubt(error: unknown): void;
  signingKey: KeyObject;
  clock: Clock;
};

/**
 * The one writer of this process. Requests of all logs that wait while a commit is in flight share the next
 * one, with those that are ready to come in when it begins (a commit, its checkpoint and its call to the vault
 * cost as much for one request as for thirty): entries, roots and signed checkpoints become durable in one
 * INSERT. Writers of other processes are ordered by the primary key: a log that did not take its batch was
 * written by somebody first, and its requests are laid out again behind what is there.
 */
export class LogWriter {
  readonly #deps: AppendDependencies;
  readonly #queue = new AppendQueue();
  readonly #heads = new Map<string, LogHead>();
  readonly #signers = new Map<string, NoteSigner>();
  #running: Promise<void> | undefined;

  constructor(deps: AppendDependencies) {
    this.#deps = deps;
  }

  /**
   * Appends the drafts as one run of entries of one log. When it resolves they are durable.
   * @throws Refusal `log-unavailable` when they may or may not be: then nothing may be released for them;
   * `overloaded` when too many wait
   */
  append(log: LogIdentity, drafts: EntryDraft[], lane: Lane): Promise<Appended> {
    return new Promise((resolve, reject) => {
      const deadline = performance.now() + APPEND_DEADLINE_MS;
      const waiting: Waiting = { log, drafts, deadline, tries: 0, resolve, reject };
      if (!this.#queue.add(waiting, lane)) {
        reject(new Refusal('overloaded', 'Too many entries wait for the log. Try again.'));
      } else {
        this.#running ??= this.#run();
      }
    });
  }

  /** Resolves when nothing waits and nothing is in flight. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  /** The nodes kept of a log, for proofs between sizes this process has seen; undefined before the first append. */
  nodesOf(logId: string): KnownNodes | undefined {
    return this.#heads.get(logId)?.nodes;
  }

  /** Tells that no proof will be asked from before `size`. */
  forgetBefore(logId: string, size: number): void {
    const head = this.#heads.get(logId);
    if (head && head.nodes.count > MAX_KEPT_NODES)
      head.nodes.forgetBefore(Math.min(size, head.size));
  }

  async #run(): Promise<void> {
    for (;;) {
      for (let turns = 0; turns < GATHERING_TURNS; turns += 1) await turn();
      const round = this.#queue.takeRound(performance.now());
      if (round.length === 0) break;
      await this.#commit(Map.groupBy(round, (waiting) => waiting.log.logId));
    }
    this.#running = undefined;
  }

  async #commit(byLog: Map<string, Waiting[]>): Promise<void> {
    const deadline = performance.now() + APPEND_DEADLINE_MS;
    const attempts = await Promise.all(
      [...byLog.values()].map((waiting) => this.#prepare(waiting, deadline)),
    );
    const prepared = attempts.filter((attempt) => attempt !== undefined);
    if (prepared.length === 0) return;
    try {
      const rows = prepared.map((one) => one.row);
      const taken = await this.#deps.insertBatches(rows, deadline - performance.now());
      for (const one of prepared) {
        if (taken.has(one.row.logId)) this.#settle(one);
        else this.#layOutAgain(one);
      }
    } catch (error) {
      // Indeterminate: the entries may be in the log. Nothing is released for them; the heads are read anew.
      this.#deps.reportDoubt(error);
      for (const one of prepared) this.#refuse(one.waiting);
    }
  }

  async #prepare(waiting: Waiting[], deadline: number): Promise<Prepared | undefined> {
    const [first] = waiting;
    if (!first) return undefined;
    try {
      const head = await this.#headOf(first.log.logId, deadline);
      const drafts = waiting.flatMap((one) => one.drafts);
      const batch = layOut(head, drafts, this.#deps.clock());
      const checkpoint = this.#sign(first.log.origin, batch);
      return { waiting, head, log: first.log, row: { logId: first.log.logId, batch, checkpoint } };
    } catch (error) {
      this.#deps.reportDoubt(error);
      this.#refuse(waiting);
      return undefined;
    }
  }

  async #headOf(logId: string, deadline: number): Promise<LogHead> {
    const known = this.#heads.get(logId);
    if (known) return known;
    const head = await beforeDeadline(this.#deps.loadHead(logId), deadline, tooLate);
    this.#heads.set(logId, head);
    return head;
  }

  #sign(origin: string, { size, root }: LaidOutBatch): string {
    const signer = this.#signers.get(origin) ?? noteSigner(origin, this.#deps.signingKey);
    this.#signers.set(origin, signer);
    return signNote(formatCheckpoint({ origin, size, root }), [signer]);
  }

  #settle({ waiting, head, log, row }: Prepared): void {
    const { batch, checkpoint } = row;
    this.#heads.set(log.logId, advance(head, batch));
    const durable = { ...log, size: batch.size, checkpoint, nodes: batch.nodes };
    let at = 0;
    for (const one of waiting) {
      const entries = batch.entries.slice(at, at + one.drafts.length);
      one.resolve({ first: batch.start + at, entries, batch: durable });
      at += entries.length;
    }
  }

  #layOutAgain({ waiting, log }: Prepared): void {
    this.#heads.delete(log.logId);
    const patient = waiting.filter((one) => one.tries < MAX_TRIES);
    for (const one of patient) one.tries += 1;
    this.#queue.putBack(patient);
    this.#refuse(waiting.filter((one) => !patient.includes(one)));
  }

  #refuse(waiting: Waiting[]): void {
    for (const one of waiting) {
      this.#heads.delete(one.log.logId);
      one.reject(
        new Refusal(
          'log-unavailable',
          'The entry is not certain to be in the log. Nothing was released.',
        ),
      );
    }
  }
}

const tooLate = () => new IndeterminateError('deadline');

type Prepared = { waiting: Waiting[]; head: LogHead; log: LogIdentity; row: NewBatch };
