import type { Clock, IndividualNumber } from '@mnv/core';
import type { CollectDependencies } from './collect-numbers.ts';
import { TenantSet } from './tenant-set.ts';

/** How long a set outlives its last use. */
const KEPT_MS = 10 * 60_000;
/** How soon what could not be built is tried again. */
const TRY_AGAIN_MS = 30_000;
/** Over all tenants: 96 MB at most. */
const MOST_NUMBERS = 2_000_000;

export type TenantSetsDependencies = CollectDependencies & {
  reportFault(tenantId: string, error: unknown): void;
  clock: Clock;
  mostNumbers?: number;
};

/** How far a tenant's set is: `opened` of `of` numbers. */
export type SetProgress = Pick<TenantSet, 'state' | 'opened' | 'of'>;

type Kept = { set: TenantSet; usedAt: number; built: Promise<void> };

/**
 * The numbers of a few tenants in memory, so that an import is told of duplicates. One tenant is built after
 * another; together they are bounded, the least lately used goes first, and each is dropped ten minutes after
 * its last use. A process knows what was there and what is stored through itself; what other instances store
 * meanwhile is found by the nightly sweep.
 */
export class TenantSets {
  readonly #deps: TenantSetsDependencies;
  readonly #mostNumbers: number;
  /** The latest used is last. */
  readonly #kept = new Map<string, Kept>();
  #builds: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(deps: TenantSetsDependencies) {
    this.#deps = deps;
    this.#mostNumbers = deps.mostNumbers ?? MOST_NUMBERS;
  }

  /** Begins to build the tenant's set, unless it is there or was tried lately. */
  open(tenantId: string): SetProgress {
    return this.#use(tenantId)?.set ?? this.#begin(tenantId).set;
  }

  /** Resolves when the tenant's set is ready, is given up, or the time is over. */
  async whenBuilt(tenantId: string, withinMs: number): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, withinMs);
    await Promise.race([this.#kept.get(tenantId)?.built, late.promise]);
    clearTimeout(timer);
  }

  /**
   * Adds a number that this process has stored. Answers whether it is held for another person of the tenant;
   * undefined when nobody knows.
   */
  add(tenantId: string, number: IndividualNumber, individualRef: string): boolean | undefined {
    const set = this.#use(tenantId)?.set;
    if (!set || set.state === 'missing') return undefined;
    const isHeld = set.add(number, individualRef);
    const isKnown = set.state === 'ready';
    if (set.size > this.#mostNumbers) set.drop();
    return isKnown ? isHeld : undefined;
  }

  /** Drops all of them, built or not: after an epoch's fence no disposed number is known any more. */
  forget(): void {
    for (const { set } of this.#kept.values()) set.drop();
    this.#kept.clear();
  }

  /** Drops one tenant's: a number it knows is held no more. */
  forgetTenant(tenantId: string): void {
    this.#drop(tenantId);
  }

  dropUnused(): void {
    for (const [tenantId, kept] of this.#kept) if (this.#isOver(kept)) this.#drop(tenantId);
  }

  /** Drops all, and resolves when nothing is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.forget();
    await this.#builds;
  }

  #use(tenantId: string): Kept | undefined {
    const kept = this.#kept.get(tenantId);
    if (kept && this.#isOver(kept)) this.#drop(tenantId);
    else if (kept) {
      this.#kept.delete(tenantId);
      this.#kept.set(tenantId, kept);
      if (kept.set.state !== 'missing') kept.usedAt = this.#deps.clock();
    }
    return this.#kept.get(tenantId);
  }

  #isOver({ set, usedAt }: Kept): boolean {
    if (set.state === 'building') return false;
    return this.#deps.clock() - usedAt > (set.state === 'missing' ? TRY_AGAIN_MS : KEPT_MS);
  }

  #drop(tenantId: string): void {
    this.#kept.get(tenantId)?.set.drop();
    this.#kept.delete(tenantId);
  }

  #begin(tenantId: string): Kept {
    const set = new TenantSet(tenantId);
    if (this.#stopped) set.drop();
    const built = this.#builds.then(() => this.#build(set));
    const kept = { set, usedAt: this.#deps.clock(), built };
    this.#kept.set(tenantId, kept);
    this.#builds = built;
    return kept;
  }

  async #build(set: TenantSet): Promise<void> {
    try {
      if (set.state === 'building')
        await set.build(this.#deps, (count) => this.#makeRoom(set, count));
    } catch (error) {
      this.#deps.reportFault(set.tenantId, error);
    }
    const kept = this.#kept.get(set.tenantId);
    if (kept?.set === set) kept.usedAt = this.#deps.clock();
  }

  #makeRoom(set: TenantSet, count: number): boolean {
    if (count > this.#mostNumbers) return false;
    const others = [...this.#kept.values()].map((one) => one.set).filter((one) => one !== set);
    let total = others.reduce((sum, one) => sum + one.size, count);
    for (const other of others) {
      if (total <= this.#mostNumbers) break;
      total -= other.size;
      this.#drop(other.tenantId);
    }
    return true;
  }
}
