import type { LegalDay } from '@mnv/bango-ho';
import { Refusal } from '@mnv/core';
import { withTenant } from '@mnv/service-kit';
import { ALL_KNOWN } from './all-known.ts';
import type { RetentionDatabase, RetentionTransaction } from './database.ts';
import { storedDecisions } from './decisions/stored-decisions.ts';
import { findStandingDecisions } from './decisions/decision.repository.ts';
import { bearingOf } from './decisions/topic.ts';
import { makeRequireStillDue } from './due/require-still-due.ts';
import { storedDue } from './due/stored-due.ts';
import { inEventStep } from './events/event.repository.ts';
import { tellEvents } from './events/tell-events.ts';
import type { Outcome } from './events/tell-events.ts';
import type { ToldEvent } from './events/told-event.ts';
import { coversDisposal, findHeld } from './holds/hold.repository.ts';
import { storedHolds } from './holds/stored-holds.ts';
import { computeLives } from './life/compute-lives.ts';
import { findKnownRecords, findTenantEvents, inLifeStep } from './life/life.repository.ts';
import { findLawInUse, offerReleased } from './law/law-table.repository.ts';
import { storedLaw } from './law/stored-law.ts';
import { enqueueOtherLaw } from './life/pending.repository.ts';
import { shownLife } from './life/show-life.ts';
import { refreshTenantTasks } from './decisions/refresh-tenant-tasks.ts';
import { listTenants } from './tenant.repository.ts';
import { listRuns } from './jobs/job.repository.ts';
import { markSent, takeReminder } from './reminders/reminder.repository.ts';
import { storedRegisters } from './registers/stored-registers.ts';
import { storedRefusals } from './refusals/stored-refusals.ts';
import type { Acting } from './retention-act.ts';

/** Work in a transaction that sees one tenant. */
export type InTenant = <T>(
  tenantId: string,
  work: (trx: RetentionTransaction) => Promise<T>,
) => Promise<T>;

export type RetentionDatabases = {
  db: RetentionDatabase;
  /** The same database, for lists and counts over a whole tenant. */
  patient: RetentionDatabase;
};

/** Retention over its database: each use case in a transaction of its own. */
export function retentionStore({ db, patient }: RetentionDatabases, today: () => LegalDay) {
  const inTenant: InTenant = (tenantId, work) => withTenant(db, tenantId, work);
  const inWholeTenant: InTenant = (tenantId, work) => withTenant(patient, tenantId, work);
  const compute = (tenantId: string) =>
    computeLives({ inStep: (of, work) => inTenant(of, inLifeStep(of, today(), work)) }, tenantId);
  const enqueueOther = (tenantId: string) =>
    inTenant(tenantId, async (trx) => {
      const { law } = await findLawInUse(trx, tenantId, today());
      await offerReleased(trx, tenantId);
      return enqueueOtherLaw(trx, tenantId, law.version);
    });
  const computeByToday = async (tenantId: string) => {
    await enqueueOther(tenantId);
    return compute(tenantId);
  };
  return {
    tellEvents: async (
      { tenantId, person }: Acting,
      told: readonly ToldEvent[],
    ): Promise<Outcome[]> =>
      told.length === 0
        ? []
        : inEventStep(db, { tenantId, toldBy: person }, (step) => tellEvents(step, told, today())),
    showLife: (tenantId: string, recordId: string, asked: LegalDay | undefined) =>
      inTenant(tenantId, (trx) => showLife(trx, { tenantId, recordId, asked, today: today() })),
    decisions: storedDecisions(inTenant, today),
    holds: storedHolds(inTenant),
    law: storedLaw(inTenant, today),
    refusals: storedRefusals(inTenant, today),
    listRuns: () => listRuns(db),
    registers: storedRegisters(inWholeTenant),
    reminders: {
      listTenants: () => listTenants(db),
      takeReminder: (tenantId: string) => inTenant(tenantId, (trx) => takeReminder(trx, tenantId)),
      markSent: (tenantId: string, reminderId: string) =>
        inTenant(tenantId, (trx) => markSent(trx, tenantId, reminderId)),
    },
    requireNotHeld: ({ tenantId, disposalId }: { tenantId: string; disposalId: string }) =>
      inTenant(tenantId, async (trx) => {
        if (await coversDisposal(trx, tenantId, disposalId))
          throw new Refusal('held', 'A legal hold covers a record of this disposal.');
      }),
    requireStillDue: makeRequireStillDue(inTenant, { compute, today }),
    due: storedDue({ inTenant, inWholeTenant }, today, computeByToday),
    jobs: {
      listTenants: () => listTenants(db),
      computeLives: compute,
      /** From the day another table is in use: every life is computed by it. */
      enqueueOtherLaw: enqueueOther,
      refreshTasks: (tenantId: string) =>
        inWholeTenant(tenantId, (trx) => refreshTenantTasks(trx, tenantId, today())),
    },
  };
}

type AskedLife = {
  tenantId: string;
  recordId: string;
  /** A past day, or undefined for what is known now. */
  asked: LegalDay | undefined;
  today: LegalDay;
};

async function showLife(
  trx: RetentionTransaction,
  { tenantId, recordId, asked, today }: AskedLife,
) {
  const [known] = await findKnownRecords(trx, tenantId, [recordId]);
  if (known === undefined) return undefined;
  const knownUntil = asked ?? ALL_KNOWN;
  const decisions = bearingOf(await findStandingDecisions(trx, tenantId, knownUntil));
  const held = (await findHeld(trx, tenantId, [recordId])).length > 0;
  const ofTenant = await findTenantEvents(trx, tenantId);
  const asOf = asked ?? today;
  const inUse = await findLawInUse(trx, tenantId, asOf);
  return shownLife(known, { inUse, decisions, ofTenant, asOf, knownUntil, held });
}
