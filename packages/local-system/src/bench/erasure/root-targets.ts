import { type Target, atMost } from '../measurement.ts';
import type { ErasureAnswer, RootUses } from './erasure-job.ts';

/**
 * However much is erased, the custodian of the roots seals one top key. It opens the one before, and the new one
 * to see that it can.
 */
export function rootTargets(epochs: readonly ErasureAnswer[]): Target[] {
  const most = (use: keyof RootUses) =>
    Math.max(...epochs.map(({ rootUses }) => rootUses?.[use] ?? Number.NaN));
  return [
    atMost('seals by a root', most('seals'), 1),
    atMost('openings by a root', most('opens'), 2),
  ];
}
