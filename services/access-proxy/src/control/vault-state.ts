import type { VaultFacts } from '@mnv/service-kit';

export type VaultState = 'serving' | 'reconciling' | 'unknown';

/** Looks at the vault, and remembers whether it served then; `unknown` while it does not answer. */
export function rememberingState(look: () => Promise<VaultFacts | undefined>) {
  let seen: VaultFacts | undefined;
  return {
    look: async (): Promise<VaultFacts | undefined> => {
      seen = await look();
      return seen;
    },
    state: (): VaultState => {
      if (seen === undefined) return 'unknown';
      return seen.serves ? 'serving' : 'reconciling';
    },
  };
}
