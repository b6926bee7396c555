import { Refusal } from '@mnv/core';
import type { NamedDisposal } from './disposal-dependencies.ts';
import type { Disposal } from './disposal.ts';

/** The batch of this tenant; another tenant's is as unknown as none. Throws Refusal `not-found`. */
export async function requireDisposal(
  named: NamedDisposal,
  deps: { findDisposal(named: NamedDisposal): Promise<Disposal | undefined> },
): Promise<Disposal> {
  const found = await deps.findDisposal(named);
  if (!found) throw new Refusal('not-found', 'The tenant has no such disposal.');
  return found;
}

/** Throws Refusal `too-late` once keys are dropped, `disposal-closed` after a stop. */
export function requireReversible({ state }: Disposal): void {
  if (state === 'stopped') throw new Refusal('disposal-closed', 'The disposal was stopped.');
  if (state !== 'requested' && state !== 'frozen' && state !== 'intent')
    throw new Refusal('too-late', 'Keys of the batch are erased. There is no way back.');
}
