import type { AccessToken } from './access-token.ts';

/** A token that was verified, with the certificate it is bound to. */
type Remembered = { token: AccessToken; x5t: string };

/** The last verified tokens by the hash of their text; bounded, the longest unused one goes first. */
export class VerifiedTokens {
  readonly #tokens = new Map<string, Remembered>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  find(hash: string): Remembered | undefined {
    const found = this.#tokens.get(hash);
    if (found !== undefined) {
      this.#tokens.delete(hash);
      this.#tokens.set(hash, found);
    }
    return found;
  }

  remember(hash: string, remembered: Remembered): void {
    this.#tokens.set(hash, remembered);
    if (this.#tokens.size <= this.#capacity) return;
    const [oldest] = this.#tokens.keys();
    if (oldest !== undefined) this.#tokens.delete(oldest);
  }

  forget(hash: string): void {
    this.#tokens.delete(hash);
  }
}
