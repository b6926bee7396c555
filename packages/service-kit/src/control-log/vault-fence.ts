import { Refusal } from '@mnv/core';
import type { ServiceClient } from '../tls/service-client.ts';
import type { WitnessWord } from './show-control-log.ts';

const DEADLINE_MS = 1_500;

/** What the vault says of itself; undefined when it does not answer. */
export type VaultFacts = {
  /** It waits to be told what is remembered of its control log. */
  waits: boolean;
  /** Its restore fence is open. */
  serves: boolean;
  /** Entries in its control log. */
  size: number;
};

/** The vault's restore fence, as far as this service has to do with it. */
export type VaultFence = {
  look(): Promise<VaultFacts | undefined>;
  handOver(memory: { seen: string; witnesses: WitnessWord[] }): Promise<void>;
};

export function vaultFence(vault: Pick<ServiceClient, 'json'>): VaultFence {
  const options = { deadlineMs: DEADLINE_MS };
  return {
    async look() {
      try {
        const { body } = await vault.json('/internal/restore-state', undefined, options);
        const { reasons, size } = (body ?? {}) as { reasons?: unknown; size?: unknown };
        if (!Array.isArray(reasons) || typeof size !== 'number') return undefined;
        return { waits: reasons.includes('unheard'), serves: reasons.length === 0, size };
      } catch (error) {
        if (error instanceof Refusal) return undefined;
        throw error;
      }
    },
    async handOver(memory) {
      const { status } = await vault.json('/internal/control-log/memory', memory, options);
      if (status !== 200) throw new Refusal('vault-unavailable', 'The vault did not listen.');
    },
  };
}
