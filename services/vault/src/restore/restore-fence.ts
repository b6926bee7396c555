import { Refusal } from '@mnv/core';
import type { FenceReason } from './judge-fence.ts';
import { isEvidence, mayLogGrow } from './judge-fence.ts';

const LOOK_EVERY_MS = 60_000;
const LOOK_AGAIN_MS = 1_000;
/** How long a look that succeeded stands when the next ones fail for want of a database. */
const LOOK_STANDS_MS = 5 * 60_000;
const ALARM_EVERY_MS = 10 * 60_000;

export type FenceState = { state: 'serving' | 'reconciling'; reasons: FenceReason[] };

export type RestoreFenceDependencies = {
  /** Looks at this database and at every memory outside it. Throws when the database does not answer. */
  judge(): Promise<FenceReason[]>;
  /** Makes it durable that people have to reconcile before the fence may open. */
  requireReconciliation(reasons: readonly FenceReason[]): Promise<void>;
  /** Told of every change, and every ten minutes while it is closed. */
  report(state: FenceState): void;
};

/**
 * Closed, this process releases, stores and erases nothing and shows no record: its database may be older than
 * what the world remembers of it. It begins closed, and any doubt keeps it so.
 */
export class RestoreFence {
  readonly #deps: RestoreFenceDependencies;
  #reasons: FenceReason[] = ['unchecked'];
  #judgedAt = Number.NEGATIVE_INFINITY;
  #reported = { state: '', at: Number.NEGATIVE_INFINITY };
  #look: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;
  readonly #firstOpened = Promise.withResolvers<void>();

  constructor(deps: RestoreFenceDependencies) {
    this.#deps = deps;
  }

  get state(): FenceState {
    const reasons = [...this.#reasons];
    return { state: reasons.length === 0 ? 'serving' : 'reconciling', reasons };
  }

  /** Resolves when it opens for the first time; never, if it does not. */
  get opened(): Promise<void> {
    return this.#firstOpened.promise;
  }

  /** Throws Refusal `vault-restoring`. */
  requireOpen(): void {
    if (this.#reasons.length === 0) return;
    throw new Refusal('vault-restoring', 'What the vault holds is being compared or reconciled.');
  }

  /** The same work, refused while the fence is closed. */
  whenOpen<Args extends unknown[], T>(
    work: (...args: Args) => Promise<T>,
  ): (...args: Args) => Promise<T> {
    return async (...args) => {
      this.requireOpen();
      return work(...args);
    };
  }

  /** Throws Refusal `log-unavailable` while the control log may not be the one the world has seen. */
  requireLogMayGrow(): void {
    if (mayLogGrow(this.#reasons)) return;
    throw new Refusal('log-unavailable', 'The control log may be older than what was seen of it.');
  }

  /** Looks now; those who ask meanwhile get a look that began after they asked. */
  look(): Promise<FenceState> {
    const looked = this.#look.then(() => this.#lookOnce());
    this.#look = looked;
    return looked.then(() => this.state);
  }

  /** Looks every minute, and every second while closed. */
  start(): void {
    const again = async (): Promise<void> => {
      await this.look();
      if (this.#stopped) return;
      const waitMs = this.#reasons.length === 0 ? LOOK_EVERY_MS : LOOK_AGAIN_MS;
      this.#timer = setTimeout(() => void again(), waitMs).unref();
    };
    void again();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#look;
  }

  async #lookOnce(): Promise<void> {
    try {
      const reasons = await this.#deps.judge();
      if (isEvidence(reasons)) await this.#deps.requireReconciliation(reasons);
      this.#reasons = reasons;
      this.#judgedAt = performance.now();
    } catch {
      // Without a database nothing is served anyway; but an old look must not open it for long.
      const stands = performance.now() - this.#judgedAt < LOOK_STANDS_MS;
      if (!stands && !this.#reasons.includes('unchecked')) this.#reasons.push('unchecked');
    }
    if (this.#reasons.length === 0) this.#firstOpened.resolve();
    this.#report();
  }

  #report(): void {
    const { state, reasons } = this.state;
    const text = `${state} ${reasons.join(' ')}`;
    const isOld = performance.now() - this.#reported.at >= ALARM_EVERY_MS;
    if (text === this.#reported.state && (state === 'serving' || !isOld)) return;
    this.#reported = { state: text, at: performance.now() };
    this.#deps.report({ state, reasons });
  }
}
