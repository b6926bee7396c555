import type { Disposal } from './disposal.ts';

/**
 * Whether it was stopped before the vault took it. While its request may still be under way the vault has the
 * word: it may have taken it after all.
 */
export function isStoppedDraft({
  vaultState,
  askedAt,
  stopAt,
}: Pick<Disposal, 'vaultState' | 'askedAt' | 'stopAt'>): boolean {
  return vaultState === undefined && askedAt === undefined && stopAt !== undefined;
}
