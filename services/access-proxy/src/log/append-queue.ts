import { Refusal } from '@mnv/core';
import type { Appended, Lane } from './append-entries.ts';
import type { EntryDraft, LogIdentity } from './log-head.ts';

const MAX_WAITING_ENTRIES = 20_000;
const MAX_ROUND_ENTRIES = 4_096;
const MAX_BULK_ROUND_ENTRIES = 2_048;

/** A request whose entries wait for the next commit. */
export type Waiting = {
  log: LogIdentity;
  drafts: EntryDraft[];
  /** On the monotonic clock. */
  deadline: number;
  tries: number;
  resolve(appended: Appended): void;
  reject(error: Error): void;
};

/** A bounded queue in two lanes. A round takes the interactive lane first and a capped share of the bulk one. */
export class AppendQueue {
  readonly #lanes: Record<Lane, Waiting[]> = { interactive: [], bulk: [] };
  #entries = 0;

  /** False when the queue is full: the caller sheds. */
  add(waiting: Waiting, lane: Lane): boolean {
    if (this.#entries + waiting.drafts.length > MAX_WAITING_ENTRIES) return false;
    this.#entries += waiting.drafts.length;
    this.#lanes[lane].push(waiting);
    return true;
  }

  /** Requests that lost a race for the end of their log go before everybody else. */
  putBack(waiting: Waiting[]): void {
    this.#entries += waiting.reduce((sum, one) => sum + one.drafts.length, 0);
    this.#lanes.interactive.unshift(...waiting);
  }

  /**
   * The requests of the next commit; those whose time is over are refused. Intents stand first, so that the
   * requests of one log form a run that one proof covers.
   */
  takeRound(now: number): Waiting[] {
    const interactive = this.#take('interactive', MAX_ROUND_ENTRIES, now);
    const bulk = this.#take('bulk', MAX_BULK_ROUND_ENTRIES, now);
    const round = [...interactive, ...bulk];
    return [...round.filter(isIntent), ...round.filter((one) => !isIntent(one))];
  }

  #take(lane: Lane, limit: number, now: number): Waiting[] {
    const taken: Waiting[] = [];
    const queue = this.#lanes[lane];
    let entries = 0;
    while (queue[0] && (taken.length === 0 || entries + queue[0].drafts.length <= limit)) {
      const next = queue.shift() as Waiting;
      this.#entries -= next.drafts.length;
      if (next.deadline < now)
        next.reject(new Refusal('overloaded', 'The log was too slow. Try again.'));
      else taken.push(next);
      entries += next.drafts.length;
    }
    return taken;
  }
}

function isIntent(waiting: Waiting): boolean {
  return waiting.drafts[0]?.k === 'intent';
}
