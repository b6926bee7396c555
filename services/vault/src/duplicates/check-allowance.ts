import type { Clock } from '@mnv/core';

const DAY_MS = 24 * 60 * 60_000;
const PERSONS = 10_000;

export type AllowanceLimits = { lines: number; warnings: number };

/** Two imports of the largest tenant a day; warnings enough to see that a file is wrong as a whole. */
const LIMITS: AllowanceLimits = { lines: 1_000_000, warnings: 1_000 };

type Spent = { since: number } & AllowanceLimits;

/**
 * How much a person may learn in a day by storing numbers of a tenant: a warning says that somebody's number
 * was hit. Once either limit is reached nothing more is compared for that person, whatever they send, so that
 * the silence says nothing.
 */
export class CheckAllowance {
  readonly #clock: Clock;
  readonly #limits: AllowanceLimits;
  readonly #spent = new Map<string, Spent>();

  constructor(clock: Clock, limits: AllowanceLimits = LIMITS) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Whether one more line of this person may be compared; counts it. */
  takeLine(tenantId: string, person: string): boolean {
    const spent = this.#spentBy(tenantId, person);
    if (spent.lines >= this.#limits.lines || spent.warnings >= this.#limits.warnings) return false;
    spent.lines += 1;
    return true;
  }

  noteWarning(tenantId: string, person: string): void {
    this.#spentBy(tenantId, person).warnings += 1;
  }

  #spentBy(tenantId: string, person: string): Spent {
    const key = `${tenantId}\u0000${person}`;
    const known = this.#spent.get(key);
    if (known && this.#clock() - known.since < DAY_MS) return known;
    const fresh = { since: this.#clock(), lines: 0, warnings: 0 };
    this.#spent.delete(key);
    this.#spent.set(key, fresh);
    const [oldest] = this.#spent.keys();
    if (this.#spent.size > PERSONS && oldest !== undefined) this.#spent.delete(oldest);
    return fresh;
  }
}
