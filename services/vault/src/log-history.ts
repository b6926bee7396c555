import type { ProvenEntries } from '@mnv/protocol';
import { verifyConsistency } from '@mnv/transparency-log';
import { Refusal } from '@mnv/core';

const REMEMBERED_HEADS = 256;

/** A tree head of one log. */
export type LogHead = { size: number; root: Uint8Array };

/** A head, the one before the entries of its ticket (a proven prefix of it), and what else the ticket proves. */
export type Presented = {
  head: LogHead;
  before: LogHead;
  consistency: ProvenEntries['consistency'];
};

/** The proxy brought a checkpoint that its proof does not tie to the newest one accepted. */
export class CheckpointUnproven extends Error {
  override readonly name = 'CheckpointUnproven';
  readonly newestSize: number;

  constructor(newestSize: number) {
    super('checkpoint-unproven');
    this.newestSize = newestSize;
  }
}

/** What this process remembers of the accepted heads of one log; the database remembers them for all instances. */
export class LogHistory {
  #newest: LogHead | undefined;
  readonly #accepted = new Map<number, Uint8Array>();

  constructor(newest: LogHead | undefined) {
    if (newest) this.add(newest);
  }

  has(head: LogHead): boolean {
    const root = this.#accepted.get(head.size);
    return root !== undefined && equal(root, head.root);
  }

  /** Adds a head that the database has accepted. */
  add(head: LogHead): void {
    if (!this.#newest || this.#newest.size < head.size) this.#newest = head;
    if (this.#accepted.size >= REMEMBERED_HEADS) this.#accepted.clear();
    for (const { size, root } of [this.#newest, head]) this.#accepted.set(size, root);
  }

  /** Whether this process remembers more than there is: a crash of the database can lose what it accepted last. */
  isAheadOf({ size }: LogHead): boolean {
    return this.#newest !== undefined && this.#newest.size >= size;
  }

  /**
   * The accepted head that the ticket proves another head consistent with; undefined when none was ever
   * accepted. A head ahead must be proven from the newest one: two heads that both extend an older one may
   * contradict each other. A head behind is in the one history as a prefix of any accepted head (being
   * behind is not a rollback, contradicting is).
   * @throws CheckpointUnproven when the ticket proves from another size; Refusal `log-forked`
   */
  comparedHead({ head, before, consistency: { from, proof } }: Presented): LogHead | undefined {
    const newest = this.#newest;
    if (!newest) return undefined;
    if (this.#contradicts(head) || this.#contradicts(before)) throw forked();
    if (before.size === newest.size) return newest;
    const root = this.#accepted.get(from);
    if (!root || (from !== newest.size && from < head.size))
      throw new CheckpointUnproven(newest.size);
    const compared = { size: from, root };
    if (!areOneHistory(compared, head, proof)) throw forked();
    return compared;
  }

  /** Two roots for one size. */
  #contradicts(head: LogHead): boolean {
    return this.#accepted.has(head.size) && !this.has(head);
  }
}

function areOneHistory(accepted: LogHead, head: LogHead, proof: string[]): boolean {
  const [older, younger] = accepted.size < head.size ? [accepted, head] : [head, accepted];
  return verifyConsistency({
    size1: older.size,
    root1: older.root,
    size2: younger.size,
    root2: younger.root,
    proof: proof.map((hash) => Buffer.from(hash, 'base64')),
  });
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

export function forked(): Refusal {
  return new Refusal('log-forked', 'The log contradicts a checkpoint this vault has accepted.');
}
