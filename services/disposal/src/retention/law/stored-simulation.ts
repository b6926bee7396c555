import { findStandingDecisions } from '../decisions/decision.repository.ts';
import { bearingOf } from '../decisions/topic.ts';
import {
  countLiving,
  findKnownRecords,
  findLivingIds,
  findTenantEvents,
} from '../life/life.repository.ts';
import type { InTenant } from '../retention-store.ts';
import type { SimulationDependencies } from './simulate-law.ts';

/** A simulation over the database, in short transactions that only read. */
export function storedSimulation(inTenant: InTenant, tenantId: string): SimulationDependencies {
  return {
    findSurroundings: () =>
      inTenant(tenantId, async (trx) => ({
        decisions: bearingOf(await findStandingDecisions(trx, tenantId)),
        ofTenant: await findTenantEvents(trx, tenantId),
      })),
    countRecords: () => inTenant(tenantId, (trx) => countLiving(trx, tenantId)),
    findRecords: (after, limit) =>
      inTenant(tenantId, async (trx) => {
        const recordIds = await findLivingIds(trx, tenantId, { after, limit });
        const known = await findKnownRecords(trx, tenantId, recordIds);
        return known.toSorted((a, b) => (a.record.recordId < b.record.recordId ? -1 : 1));
      }),
  };
}
