import type { LegalDay } from '@mnv/bango-ho';
import { Refusal } from '@mnv/core';
import type { InTenant } from '../retention-store.ts';
import { isLifePending, isNeededAgain } from './needed-again.repository.ts';

type Disposal = { tenantId: string; disposalId: string };

/**
 * Refuses a disposal of whose records one was due when it was drafted and has a ground again: who looked at the
 * list looked at another one. What was told a moment ago counts. Throws Refusal `disposal-conflict`.
 */
export function makeRequireStillDue(
  inTenant: InTenant,
  { compute, today }: { compute(tenantId: string): Promise<unknown>; today(): LegalDay },
): (disposal: Disposal) => Promise<void> {
  return async (disposal) => {
    const { tenantId } = disposal;
    if (await inTenant(tenantId, (trx) => isLifePending(trx, disposal))) await compute(tenantId);
    if (await inTenant(tenantId, (trx) => isNeededAgain(trx, { ...disposal, today: today() })))
      throw new Refusal(
        'disposal-conflict',
        'A record that was due when this was drafted is needed again. Stop it, and make a new dry run.',
      );
  };
}
