import type { Disposal, DisposalKey, VaultStatus } from './disposal.ts';
import type { VaultDisposals } from './vault-disposals.ts';

export type LookDependencies = {
  vault: Pick<VaultDisposals, 'status'>;
  keepVaultStatus(key: DisposalKey, status: VaultStatus): Promise<void>;
  /** The alarm: the vault speaks of another batch under this id. */
  reportContradiction(key: DisposalKey): void;
};

/** Asks the vault how a disposal stands, and keeps it. A draft it does not know stays a draft. */
export function makeLookAtDisposal(
  deps: LookDependencies,
): (disposal: Disposal) => Promise<Disposal> {
  return async (disposal) => {
    const status = await deps.vault.status(disposal);
    if (!status) return disposal;
    if (status.batchHash !== disposal.batchHash || status.count !== disposal.count) {
      deps.reportContradiction(disposal);
      throw new Error('the vault has another batch under the id of this disposal');
    }
    await deps.keepVaultStatus(disposal, status);
    const { state: vaultState, held, approvals, epoch, indices } = status;
    return { ...disposal, vaultState, held, approvals, epoch, indices };
  };
}
