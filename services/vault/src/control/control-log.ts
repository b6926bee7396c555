import type { KeyObject } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '@mnv/core';
import { Refusal } from '@mnv/core';
import type { ControlEvent } from '@mnv/protocol';
import type { NoteSigner } from '@mnv/transparency-log';
import { formatCheckpoint, noteSigner, signNote } from '@mnv/transparency-log';
import type { HeldJob } from '../epoch/epoch-job.ts';
import type { ControlBatch, ControlHead, KeptBatch } from './control-head.ts';
import { layOut } from './control-head.ts';

const STATEMENT_DEADLINE_MS = 1_000;
const APPEND_DEADLINE_MS = 5_000;
const TRY_AGAIN_MS = 50;

/** Entries that are durable: where they begin, and the log's size and checkpoint right behind them. */
export type Recorded = { first: number; size: number; checkpoint: string };

type Signed = { batch: ControlBatch; checkpoint: string; job: HeldJob | undefined };

export type ControlLogDependencies = {
  origin: string;
  signingKey: KeyObject;
  loadHead(): Promise<ControlHead>;
  /** False when the start is taken, or the job is not held any more. Throws when in doubt. */
  insertBatch(signed: Signed, deadlineMs: number): Promise<boolean>;
  isStored(batch: KeptBatch): Promise<boolean | undefined>;
  flush(deadlineMs: number): Promise<void>;
  /** Throws while the log may be older than what was seen of it. The first entry of a log is always allowed. */
  requireMayGrow(): void;
  /** Throws when the job is not held any more. */
  requireHeld(job: HeldJob): Promise<void>;
  /** Told of every append that is in doubt, for the service log. */
  reportDoubt(error: unknown): void;
  clock: Clock;
};

/**
 * The vault's own log. Appends of this process go one after another; those of other instances are ordered by
 * the primary key. Whoever records an act does it once `append` has resolved, and not at all when it throws.
 */
export class ControlLog {
  readonly #deps: ControlLogDependencies;
  readonly #signer: NoteSigner;
  #head: ControlHead | undefined;
  /** The largest size this process has known to be durable. */
  #reached = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(deps: ControlLogDependencies) {
    this.#deps = deps;
    this.#signer = noteSigner(deps.origin, deps.signingKey);
  }

  /**
   * Appends events as consecutive entries. With `onlyAt`, only while the log has that size; otherwise
   * nothing is appended and undefined is answered: what was decided from the log may no longer hold. With
   * `job`, only while it is held; otherwise nothing is appended and `requireHeld` throws.
   * @throws Refusal `log-unavailable` when they may or may not be there: then the act must not be done
   */
  append(
    events: readonly ControlEvent[],
    condition: { onlyAt?: number; job?: HeldJob | undefined } = {},
  ): Promise<Recorded | undefined> {
    const appended = this.#last.then(() => this.#append(events, condition));
    this.#last = appended.catch(() => undefined);
    return appended;
  }

  async #append(
    events: readonly ControlEvent[],
    { onlyAt, job }: { onlyAt?: number; job?: HeldJob | undefined },
  ): Promise<Recorded | undefined> {
    const deadline = performance.now() + APPEND_DEADLINE_MS;
    while (performance.now() < deadline) {
      if (job) await this.#deps.requireHeld(job);
      // Another instance may have appended behind the head in memory.
      if (onlyAt !== undefined && this.#head?.size !== onlyAt) this.#head = undefined;
      const head = await this.#loadHead();
      if (onlyAt !== undefined && head.size !== onlyAt) return undefined;
      if (head.size > 0) this.#deps.requireMayGrow();
      const batch = layOut(head, events, this.#deps.clock());
      const checkpoint = this.#sign(batch);
      this.#head = undefined;
      if (!(await this.#place({ batch, checkpoint, job }, deadline))) continue;
      this.#head = batch.after;
      this.#reached = batch.after.size;
      return { first: batch.start, size: batch.after.size, checkpoint };
    }
    throw unavailable();
  }

  async #loadHead(): Promise<ControlHead> {
    if (this.#head) return this.#head;
    const head = await this.#deps.loadHead();
    // Appending behind an older end would fork what the world has seen.
    if (head.size < this.#reached)
      throw new Refusal('log-unavailable', 'The control log is shorter than it was.');
    this.#reached = head.size;
    return head;
  }

  #sign({ root, after: { size } }: ControlBatch): string {
    return signNote(formatCheckpoint({ origin: this.#deps.origin, size, root }), [this.#signer]);
  }

  /**
   * Whether these very entries stand at their place, durably. After a doubt the same bytes are offered again:
   * the place is taken once, so either they get it now, or what holds it is read and is ours or is not.
   */
  async #place(signed: Signed, deadline: number): Promise<boolean> {
    for (;;) {
      try {
        if (await this.#deps.insertBatch(signed, STATEMENT_DEADLINE_MS)) return true;
        if (!(await this.#deps.isStored(signed.batch.after.newest))) return false;
        await this.#deps.flush(STATEMENT_DEADLINE_MS);
        return true;
      } catch (error) {
        this.#deps.reportDoubt(error);
        if (performance.now() > deadline) throw unavailable();
        await pause(TRY_AGAIN_MS);
      }
    }
  }
}

function unavailable(): Refusal {
  return new Refusal('log-unavailable', 'The entry is not certain to be in the control log.');
}
