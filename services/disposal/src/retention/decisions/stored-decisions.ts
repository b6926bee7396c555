import type { LegalDay } from '@mnv/bango-ho';
import type { InTenant } from '../retention-store.ts';
import { ensureTenant } from '../tenant.repository.ts';
import { confirmDecision, proposeDecision } from './decide.ts';
import type { DecisionRouteDependencies } from './decisions.routes.ts';
import { decisionStep, listDecisions } from './decision.repository.ts';
import { listTasks } from './task.repository.ts';

/** Decisions and tasks over the database. */
export function storedDecisions(
  inTenant: InTenant,
  today: () => LegalDay,
): Omit<DecisionRouteDependencies, 'recordAct' | 'today'> {
  return {
    propose: ({ tenantId, person }, proposal) =>
      inTenant(tenantId, async (trx) => {
        await ensureTenant(trx, tenantId);
        await proposeDecision(decisionStep(trx, tenantId, today()), {
          ...proposal,
          proposedBy: person,
        });
      }),
    confirm: ({ tenantId, person }, decisionId) =>
      inTenant(tenantId, (trx) =>
        confirmDecision(decisionStep(trx, tenantId, today()), {
          decisionId,
          person,
          today: today(),
        }),
      ),
    listDecisions: (tenantId) => inTenant(tenantId, (trx) => listDecisions(trx, tenantId)),
    listTasks: (tenantId) => inTenant(tenantId, (trx) => listTasks(trx, tenantId)),
  };
}
