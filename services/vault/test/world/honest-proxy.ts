import { setTimeout as pause } from 'node:timers/promises';
import type { ServiceAnswer } from '@mnv/service-kit';
import type { TicketAnswer } from '@mnv/protocol';
import type { Intent } from './intent.ts';
import { makeTicket } from './intent.ts';
import type { ProxyLog } from './proxy-log.ts';
import type { RunningVault } from './running-vault.ts';

/** As often as the access proxy shows a ticket. */
const SHOWS = 6;
const COMMIT_MS = 3;

type Waiting = { intent: Intent; answer(answer: ServiceAnswer): void };

/**
 * Commits and shows as the access proxy does: what comes in during a commit shares the next one and its
 * checkpoint; a ticket is proven from the last size shown, and when the vault names another one, the same
 * entries are shown with the proof from that. Another proxy may write the same log.
 */
export class HonestProxy {
  readonly #vault: RunningVault;
  readonly #shown = new Map<string, number>();
  readonly #waiting = new Map<ProxyLog, Waiting[]>();

  constructor(vault: RunningVault) {
    this.#vault = vault;
  }

  disclose(log: ProxyLog, intent: Intent): Promise<ServiceAnswer> {
    return new Promise((answer) => {
      const waiting = this.#waiting.get(log);
      waiting?.push({ intent, answer });
      if (!waiting) void this.#commitAll(log, [{ intent, answer }]);
    });
  }

  async #commitAll(log: ProxyLog, begun: Waiting[]): Promise<void> {
    this.#waiting.set(log, begun);
    for (let round = begun; round.length > 0; round = this.#waiting.get(log) ?? []) {
      this.#waiting.set(log, []);
      await pause(COMMIT_MS);
      void this.#showAll(log, round);
    }
    this.#waiting.delete(log);
  }

  async #showAll(log: ProxyLog, round: Waiting[]): Promise<void> {
    const intents = round.map((one) => one.intent);
    const first = log.append(intents.flatMap((intent) => intent.entries));
    const answer = await this.#show(log, intents, { first, size: log.size });
    round.forEach((one, at) => one.answer(answerOf(answer, at)));
  }

  async #show(
    log: ProxyLog,
    intents: Intent[],
    { first, size }: { first: number; size: number },
  ): Promise<ServiceAnswer> {
    let from = this.#shown.get(log.origin) ?? 0;
    this.#shown.set(log.origin, size);
    for (let show = 1; ; show += 1) {
      const ticket = makeTicket(log, intents, { first, size, from });
      const answer = await this.#vault.call('/internal/disclosures', ticket);
      const { newestSize } = answer.body as { newestSize?: number };
      if (newestSize === undefined || show === SHOWS) return answer;
      from = newestSize;
    }
  }
}

/** The answer to one request of a ticket, as if it had been the only one. */
function answerOf({ status, body }: ServiceAnswer, at: number): ServiceAnswer {
  if (status !== 200) return { status, body };
  return { status, body: { requests: [(body as TicketAnswer).requests[at]] } };
}
