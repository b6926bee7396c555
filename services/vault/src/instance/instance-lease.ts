import { Refusal } from '@mnv/core';

/** How long an instance may answer after it was last heard. An epoch waits longer than this for the silent. */
export const LEASE_MS = 10_000;

export type LeaseDependencies = {
  /** Tells that this instance lives and what it has acknowledged; answers the tree's epoch. */
  beat(acked: number): Promise<number | undefined>;
  /** Drops every key in memory. */
  forget(): void;
  /** The tree's epoch when this instance started. */
  startedAt: number;
  leaseMs?: number;
};

/**
 * The right of this instance to open and answer numbers. It holds for a while after the database heard of us;
 * an epoch goes on once everybody has acknowledged its flip, or is silent for longer than a lease. Whoever comes
 * back from a long stop finds the lease over before it can answer with what it had read.
 */
export class InstanceLease {
  readonly #deps: LeaseDependencies;
  readonly #leaseMs: number;
  readonly #running = new Set<Promise<unknown>>();
  #acked: number;
  #validUntil = 0;
  #draining: Promise<void> | undefined;

  constructor(deps: LeaseDependencies) {
    this.#deps = deps;
    this.#leaseMs = deps.leaseMs ?? LEASE_MS;
    this.#acked = deps.startedAt;
  }

  /** Asks for the lease anew. Keys are dropped when it cannot be had. */
  async renew(): Promise<void> {
    const asked = performance.now();
    const epoch = await this.#beat();
    this.#validUntil = asked + this.#leaseMs;
    if (epoch > this.#acked) this.#draining ??= this.#acknowledge(epoch);
  }

  /** Renews, and waits until a flip it hears of is acknowledged. */
  async acknowledge(): Promise<void> {
    await this.renew();
    await this.#draining;
  }

  /** Runs work that opens keys, which an acknowledgement waits for; renews a lease that is over. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    if (!this.isHeld()) await this.renew();
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** The same work, as {@link during}. */
  holding<Args extends unknown[], T>(
    work: (...args: Args) => Promise<T>,
  ): (...args: Args) => Promise<T> {
    return (...args) => this.during(() => work(...args));
  }

  isHeld(): boolean {
    return performance.now() < this.#validUntil;
  }

  /** Right before a number is answered, in the same turn. Throws Refusal `vault-unavailable`. */
  requireHeld(): void {
    if (!this.isHeld())
      throw new Refusal('vault-unavailable', 'The vault lost touch with its database. Try again.');
  }

  async #beat(): Promise<number> {
    try {
      const epoch = await this.#deps.beat(this.#acked);
      if (epoch !== undefined) return epoch;
    } catch (error) {
      if (!this.isHeld()) this.#deps.forget();
      throw error;
    }
    this.#validUntil = 0;
    this.#deps.forget();
    throw new Refusal('vault-unavailable', 'Another process has taken the name of this one.');
  }

  /** What was running may still put keys of the old path into memory: dropped again when it is over. */
  async #acknowledge(epoch: number): Promise<void> {
    this.#deps.forget();
    await Promise.allSettled(this.#running);
    this.#deps.forget();
    this.#acked = epoch;
    this.#draining = undefined;
    await this.renew().catch(() => undefined); // the next beat says it
  }
}
