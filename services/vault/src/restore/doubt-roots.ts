import { RootUnavailableError } from '@mnv/erasure-tree';
import { safeFacts } from '@mnv/service-kit';
import type { Logger } from '@mnv/service-kit';

export type RootDoubts = { tell(error: unknown): void; clear(): void };

/** Tells why the root versions cannot be used: when that begins, and again when the reason is another. */
export function makeRootDoubts(log: Pick<Logger, 'error'>): RootDoubts {
  let told: string | undefined;
  return {
    tell(error) {
      const facts =
        error instanceof RootUnavailableError ? { reason: error.reason } : safeFacts(error);
      const text = JSON.stringify(facts);
      if (text !== told) log.error('the root versions cannot be used', facts);
      told = text;
    },
    clear() {
      told = undefined;
    },
  };
}
