import type { LegalDay } from '@mnv/bango-ho';
import type { RetentionTransaction } from '../database.ts';
import { findStandingDecisions } from '../decisions/decision.repository.ts';
import { findLawInUse } from '../law/law-table.repository.ts';
import { ensureTenant } from '../tenant.repository.ts';
import type { InTenant } from '../retention-store.ts';
import type { DueRouteDependencies } from './due.routes.ts';
import { findDue } from './due.repository.ts';
import { findDryRun, findPart, insertDryRun } from './dry-run.repository.ts';
import { pageOf } from './list-due.ts';
import type { DisposalPolicy } from './policy.ts';
import { daysBefore, overdueDaysOf, policyOf } from './policy.ts';
import { readyPart } from './ready-part.ts';

/** The due list and dry runs over the database. */
export function storedDue(
  { inTenant, inWholeTenant }: { inTenant: InTenant; inWholeTenant: InTenant },
  today: () => LegalDay,
  /** Lives are made current first: what was told a moment ago counts. */
  computeLives: (tenantId: string) => Promise<unknown>,
): Omit<DueRouteDependencies, 'recordAct' | 'today'> {
  const policyIn = async (trx: RetentionTransaction, tenantId: string): Promise<DisposalPolicy> => {
    const decisions = await findStandingDecisions(trx, tenantId);
    return policyOf(decisions.find(({ topic }) => topic === 'policy')?.value);
  };
  return {
    listDue: (tenantId, asked) =>
      inTenant(tenantId, async (trx) => {
        const found = await findDue(trx, tenantId, { ...asked, limit: asked.limit + 1 });
        const policy = await policyIn(trx, tenantId);
        return pageOf(found, { policy, today: today(), limit: asked.limit });
      }),
    makeDryRun: async ({ tenantId, person }, dryRunId, asked) => {
      await computeLives(tenantId);
      return inWholeTenant(tenantId, async (trx) => {
        await ensureTenant(trx, tenantId);
        const overdue = overdueDaysOf(await policyIn(trx, tenantId));
        const overdueBefore = daysBefore(today(), overdue);
        const { law } = await findLawInUse(trx, tenantId, today());
        const order = { dryRunId, asked, madeBy: person, overdueBefore, lawVersion: law.version };
        return insertDryRun(trx, tenantId, order);
      });
    },
    findDryRun: (tenantId, dryRunId) =>
      inTenant(tenantId, (trx) => findDryRun(trx, tenantId, dryRunId)),
    readyPart: async (tenantId, dryRunId, part) => {
      await computeLives(tenantId);
      return inTenant(tenantId, (trx) =>
        readyPart(
          {
            findDryRun: (id) => findDryRun(trx, tenantId, id),
            findDecisions: () => findStandingDecisions(trx, tenantId),
            findPart: (wanted) => findPart(trx, tenantId, wanted),
          },
          { dryRunId, part, today: today() },
        ),
      );
    },
  };
}
