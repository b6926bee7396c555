import type { Clock } from '@mnv/core';
import { Refusal } from '@mnv/core';
import type { LogToShow, ShowDependencies, Shown, WitnessClient } from '@mnv/service-kit';
import { showCheckpoint } from '@mnv/service-kit';

const ROUND_EVERY_MS = 10_000;
const AT_ONCE = 8;
const ALARM_AFTER_MS = 10 * 60 * 1000;
const REFUSE_AFTER_MS = 24 * 60 * 60 * 1000;

/** A witness to show logs to: those it lags behind, or every one. */
export type WitnessAsked = { witness: string; all: boolean };
/** A log to show to the witness of this name. */
export type LogOfWitness = LogToShow & { witness: string };

export type WatchDependencies = ShowDependencies & {
  witnesses: readonly WitnessClient[];
  /** Each log with one and the same newest checkpoint for every witness. */
  findLogsToShow(asked: readonly WitnessAsked[]): Promise<LogOfWitness[]>;
  keepWitnessed(cosigned: {
    logId: string;
    witness: string;
    size: number;
    note: string;
  }): Promise<void>;
  /** When the entry at an index of a log was written, ms since the epoch. */
  timeOfEntry(logId: string, index: number): Promise<number>;
  /** Told of every trouble, with a code and the witness's name; never with a tenant's name. */
  alarm(code: 'unwitnessed' | 'log-set-back' | 'witness-fault', facts: object): void;
  clock: Clock;
};

/**
 * Keeps external witnesses abreast of every log, and knows which logs no witness has seen for too long. The
 * age is that of the oldest entry not under a cosigned checkpoint, read from the database: a restart or
 * another instance does not reset it.
 */
export class WitnessWatch {
  readonly #deps: WatchDependencies;
  /** By log: for each witness that lags, since when. A witness that is abreast has no row. */
  readonly #lagging = new Map<string, Map<string, number>>();
  readonly #setBack = new Set<string>();
  #shownAll = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(deps: WatchDependencies) {
    this.#deps = deps;
  }

  /** Shows every log once, whether or not it changed, then what changed every ten seconds until `stop`. */
  start(): void {
    const again = () => {
      this.#round = this.round().then(() => {
        this.#timer = setTimeout(again, ROUND_EVERY_MS).unref();
      });
    };
    this.#timer = setTimeout(again, 0);
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#round;
    clearTimeout(this.#timer);
  }

  /** One visit to every witness. Never throws: trouble is told to `alarm`, and met again in the next round. */
  async round(): Promise<void> {
    const logs = await this.#findLogs();
    if (!logs) return;
    const visits = this.#deps.witnesses.map((witness) => {
      const own = logs.filter((log) => log.witness === witness.name);
      return this.#visit(witness, own);
    });
    await Promise.all(visits);
  }

  /** Throws Refusal `log-unavailable` when a witness cosigned what the database of this log does not hold. */
  requireNotSetBack(logId: string): void {
    if (!this.#setBack.has(logId)) return;
    throw new Refusal('log-unavailable', 'The log is not the one that a witness cosigned.');
  }

  /** Throws Refusal `log-unavailable` when no external witness has cosigned this log for 24 hours. */
  requireWitnessed(logId: string): void {
    const lagging = this.#lagging.get(logId);
    if (lagging === undefined || lagging.size < this.#deps.witnesses.length) return;
    if (this.#deps.clock() - Math.max(...lagging.values()) < REFUSE_AFTER_MS) return;
    throw new Refusal('log-unavailable', 'No witness has seen the log for 24 hours.');
  }

  async #findLogs(): Promise<LogOfWitness[] | undefined> {
    const names = this.#deps.witnesses.map(({ name }) => name);
    try {
      return await this.#deps.findLogsToShow(
        names.map((witness) => ({ witness, all: !this.#shownAll.has(witness) })),
      );
    } catch (error) {
      const reason = reasonOf(error);
      for (const peer of names) this.#deps.alarm('witness-fault', { peer, reason });
      return undefined;
    }
  }

  async #visit(witness: WitnessClient, logs: readonly LogToShow[]): Promise<void> {
    try {
      this.#forgetCaughtUp(witness.name, logs);
      const queue = logs.values();
      const faults = await Promise.all(
        Array.from({ length: AT_ONCE }, () => this.#showFrom(queue, witness)),
      );
      if (faults.every((count) => count === 0)) this.#shownAll.add(witness.name);
    } catch (error) {
      this.#deps.alarm('witness-fault', { peer: witness.name, reason: reasonOf(error) });
    }
  }

  async #showFrom(queue: Iterator<LogToShow>, witness: WitnessClient): Promise<number> {
    let faults = 0;
    for (let next = queue.next(); !next.done; next = queue.next()) {
      if (!(await this.#show(next.value, witness))) faults += 1;
    }
    return faults;
  }

  async #show(log: LogToShow, witness: WitnessClient): Promise<boolean> {
    try {
      await this.#settle(log, witness, await showCheckpoint(witness, log, this.#deps));
      return true;
    } catch (error) {
      this.#deps.alarm('witness-fault', { peer: witness.name, reason: reasonOf(error) });
      await this.#noteLag(log, witness.name);
      return false;
    }
  }

  async #settle(log: LogToShow, witness: WitnessClient, shown: Shown): Promise<void> {
    const { logId, size } = log;
    if (shown.result === 'set-back') {
      this.#setBack.add(logId);
      this.#deps.alarm('log-set-back', { peer: witness.name, origin: log.origin });
      return;
    }
    this.#lagging.get(logId)?.delete(witness.name);
    if (shown.result === 'cosigned') {
      await this.#deps.keepWitnessed({ logId, witness: witness.name, size, note: shown.note });
    }
  }

  async #noteLag(
    { logId, origin, size, witnessedSize }: LogToShow,
    witness: string,
  ): Promise<void> {
    if (witnessedSize >= size) return;
    const since = await this.#deps.timeOfEntry(logId, witnessedSize);
    const lagging = this.#lagging.get(logId) ?? new Map<string, number>();
    this.#lagging.set(logId, lagging.set(witness, since));
    const durationMs = this.#deps.clock() - since;
    if (durationMs < ALARM_AFTER_MS) return;
    this.#deps.alarm('unwitnessed', { peer: witness, origin, durationMs });
  }

  /** Another instance may have shown what lagged here. */
  #forgetCaughtUp(witness: string, logs: readonly LogToShow[]): void {
    const behind = new Set(
      logs.filter((log) => log.witnessedSize < log.size).map((log) => log.logId),
    );
    for (const [logId, lagging] of this.#lagging) if (!behind.has(logId)) lagging.delete(witness);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown';
}
