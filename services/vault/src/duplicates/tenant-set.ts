import type { IndividualNumber } from '@mnv/core';
import { collectNumbers } from './collect-numbers.ts';
import type { CollectDependencies } from './collect-numbers.ts';
import { HeldNumbers } from './held-numbers.ts';

/** `missing`: it is not known who holds what: too many numbers, a fault, or it was dropped. */
export type SetState = 'building' | 'ready' | 'missing';

/** The numbers of one tenant in memory. Numbers stored while it is being built are added to it as well. */
export class TenantSet {
  state: SetState = 'building';
  /** How many of how many numbers are opened so far. */
  opened = 0;
  of = 0;
  readonly tenantId: string;
  readonly #held = new HeldNumbers(0);
  readonly #abort = new AbortController();

  constructor(tenantId: string) {
    this.tenantId = tenantId;
  }

  /** How many numbers it takes room for. */
  get size(): number {
    return this.state === 'missing' ? 0 : Math.max(this.of, this.#held.size);
  }

  /** Adds a number that is stored, and whether it is held for another person as well, as far as is known. */
  add(number: IndividualNumber, individualRef: string): boolean {
    if (this.state === 'missing') return false;
    return this.#held.add({ number, individualRef, label: 0 }) !== undefined;
  }

  /**
   * Opens the tenant's numbers; `hasRoom` is asked once they are counted.
   * @throws whatever was in the way; not when it was dropped
   */
  async build(deps: CollectDependencies, hasRoom: (count: number) => boolean): Promise<void> {
    const { tenantId } = this;
    const { signal } = this.#abort;
    try {
      const living = await deps.countLiving(tenantId);
      if (signal.aborted || !hasRoom(living.count)) return this.drop();
      this.of = living.count;
      const onOpened = (opened: number) => void (this.opened = opened);
      const question = (number: IndividualNumber, record: { individualRef: string }) =>
        this.add(number, record.individualRef);
      await collectNumbers({ tenantId, living, question, onOpened, signal }, deps);
      if (!signal.aborted) this.state = 'ready';
    } catch (error) {
      if (signal.aborted) return;
      this.drop();
      throw error;
    }
  }

  /** Forgets everything and stays so. */
  drop(): void {
    this.state = 'missing';
    this.#held.forget();
    this.#abort.abort();
  }
}
