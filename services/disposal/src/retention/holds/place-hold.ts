import { Refusal } from '@mnv/core';
import type { NewHold } from './hold.ts';
import type { CoveredRecord, OpenDisposal } from './hold.repository.ts';

export type PlacedHold = {
  /** Records kept from now on; those of a batch that was ordered are among them, and are named. */
  covered: number;
  frozen: string[];
  /** Too late for so many: their numbers are gone. */
  erased: number;
  /** Requested already: the hold has to be reported to each, so that the vault stops as well. */
  disposals: OpenDisposal[];
};

export type HoldStep = {
  findCovered(hold: NewHold): Promise<CoveredRecord[]>;
  insertHold(hold: NewHold): Promise<void>;
  findOpenDisposals(recordIds: readonly string[]): Promise<OpenDisposal[]>;
};

/**
 * Places a hold. It wins over everything that has not happened yet; what is erased cannot be kept any more.
 * Throws Refusal `record-not-found` where nobody is meant, `too-late` where every record is gone.
 */
export async function placeHold(step: HoldStep, hold: NewHold): Promise<PlacedHold> {
  const records = await step.findCovered(hold);
  const erased = records.filter(({ state }) => state === 'erased').length;
  if (hold.scope !== 'tenant' && records.length === 0)
    throw new Refusal('record-not-found', 'The tenant keeps no record of these individuals.');
  if (records.length > 0 && erased === records.length)
    throw new Refusal('too-late', 'Every record this would cover has been disposed of.');
  await step.insertHold(hold);
  const kept = records.filter(({ state }) => state !== 'erased');
  const frozen = kept.filter(({ state }) => state === 'frozen').map(({ recordId }) => recordId);
  const disposals = await step.findOpenDisposals(kept.map(({ recordId }) => recordId));
  return { covered: kept.length, frozen, erased, disposals };
}
