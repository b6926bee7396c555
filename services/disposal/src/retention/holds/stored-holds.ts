import type { InTenant } from '../retention-store.ts';
import { ensureTenant } from '../tenant.repository.ts';
import {
  findCovered,
  findHoldsToTell,
  findOpenDisposals,
  insertHold,
  liftHold,
  listHolds,
} from './hold.repository.ts';
import type { HoldRouteDependencies } from './holds.routes.ts';
import { placeHold } from './place-hold.ts';
import type { HoldsToTell } from './tell-vault.ts';

/** Holds over the database. */
export function storedHolds(inTenant: InTenant): Omit<
  HoldRouteDependencies,
  'recordAct' | 'denyAct' | 'clock' | 'today' | 'tellVault'
> & {
  holdsToTell(tenantId: string): Promise<HoldsToTell>;
} {
  return {
    place: ({ tenantId, person }, holdId, hold) =>
      inTenant(tenantId, async (trx) => {
        await ensureTenant(trx, tenantId);
        return placeHold(
          {
            findCovered: (wanted) => findCovered(trx, tenantId, wanted),
            findOpenDisposals: (recordIds) => findOpenDisposals(trx, tenantId, recordIds),
            insertHold: (wanted) =>
              insertHold(trx, tenantId, { hold: wanted, holdId, placedBy: person }),
          },
          hold,
        );
      }),
    lift: ({ tenantId, person }, holdId, reason) =>
      inTenant(tenantId, (trx) => liftHold(trx, tenantId, { holdId, liftedBy: person, reason })),
    holdsToTell: (tenantId) => inTenant(tenantId, (trx) => findHoldsToTell(trx, tenantId)),
    listHolds: (tenantId) => inTenant(tenantId, (trx) => listHolds(trx, tenantId)),
  };
}
