import type { ServiceAnswer } from '@mnv/service-kit';
import type { Intent } from './intent.ts';
import { makeTicket } from './intent.ts';
import type { ProxyLog } from './proxy-log.ts';
import type { RunningVault } from './running-vault.ts';

const SHOWS = 8;

/**
 * Shows tickets as the access proxy does: proven from the last size it has shown, and, when the vault names
 * another one, the same entries with the proof from that. Another proxy may write the same log.
 */
export class HonestProxy {
  readonly #vault: RunningVault;
  readonly #shown = new Map<string, number>();

  constructor(vault: RunningVault) {
    this.#vault = vault;
  }

  async disclose(log: ProxyLog, intent: Intent): Promise<ServiceAnswer> {
    const first = log.append(intent.entries);
    const size = log.size;
    let from = this.#shown.get(log.origin) ?? 0;
    this.#shown.set(log.origin, size);
    for (let show = 1; ; show += 1) {
      const ticket = makeTicket(log, [intent], { first, size, from });
      const answer = await this.#vault.call('/internal/disclosures', ticket);
      const { newestSize } = answer.body as { newestSize?: number };
      if (newestSize === undefined || show === SHOWS) return answer;
      from = newestSize;
    }
  }
}
