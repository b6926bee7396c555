import { Refusal } from '@mnv/core';
import type { ServiceClient } from '../tls/service-client.ts';
import type { WitnessWord } from './show-control-log.ts';

const DEADLINE_MS = 1_500;

/** The vault's restore fence, as far as this service has to do with it. */
export type VaultFence = {
  /** Whether the vault waits to be told what is remembered of its control log; no when it does not answer. */
  waitsForWord(): Promise<boolean>;
  handOver(memory: { seen: string; witnesses: WitnessWord[] }): Promise<void>;
};

export function vaultFence(vault: Pick<ServiceClient, 'json'>): VaultFence {
  const options = { deadlineMs: DEADLINE_MS };
  return {
    async waitsForWord() {
      try {
        const { body } = await vault.json('/internal/restore-state', undefined, options);
        const { reasons } = (body ?? {}) as { reasons?: unknown };
        return Array.isArray(reasons) && reasons.includes('unheard');
      } catch (error) {
        if (error instanceof Refusal) return false;
        throw error;
      }
    },
    async handOver(memory) {
      const { status } = await vault.json('/internal/control-log/memory', memory, options);
      if (status !== 200) throw new Refusal('vault-unavailable', 'The vault did not listen.');
    },
  };
}
