import { sql } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import { ALL_KNOWN } from '../all-known.ts';
import type { RetentionTransaction } from '../database.ts';
import { findLawInUse } from '../law/law-table.repository.ts';
import { enqueueTenant } from '../life/pending.repository.ts';
import type { DecisionStep, KeptDecision } from './decide.ts';
import type { Decision } from './topic.ts';

type Row = {
  decision_id: string;
  topic: string;
  value: string;
  reason: string;
  proposed_by: string;
  proposed_at: Date;
  confirmed_by: string | null;
  decided_on: string | null;
};

/** Decisions of a tenant within a transaction of that tenant. */
export function decisionStep(
  trx: RetentionTransaction,
  tenantId: string,
  today: LegalDay,
): DecisionStep {
  return {
    findLaw: async () => (await findLawInUse(trx, tenantId, today)).law,
    insertProposal: async ({ decisionId, topic, value, reason, proposedBy }) => {
      await sql`
        insert into retention_decision (tenant_id, decision_id, topic, value, reason, proposed_by)
        values (${tenantId}, ${decisionId}, ${topic}, ${value}, ${reason}, ${proposedBy})`.execute(
        trx,
      );
    },
    findDecision: async (decisionId) => {
      const { rows } = await sql<Row>`
        select * from retention_decision
        where tenant_id = ${tenantId} and decision_id = ${decisionId} for update`.execute(trx);
      return rows[0] && decisionOf(rows[0]);
    },
    confirm: async (decisionId, confirmedBy, today) => {
      await sql`
        update retention_decision set confirmed_at = now(), confirmed_by = ${confirmedBy}, decided_on = ${today}
        where tenant_id = ${tenantId} and decision_id = ${decisionId}`.execute(trx);
    },
    enqueueTenant: () => enqueueTenant(trx, tenantId),
  };
}

/** The newest confirmed decision of each topic; those up to a past day, where one is given. */
export async function findStandingDecisions(
  trx: RetentionTransaction,
  tenantId: string,
  asOf: LegalDay = ALL_KNOWN,
): Promise<Decision[]> {
  const { rows } = await sql<Decision>`
    select distinct on (topic) topic, value from retention_decision
    where tenant_id = ${tenantId} and decided_on <= ${asOf}
    order by topic, confirmed_at desc, decision_id`.execute(trx);
  return rows;
}

/** Every proposal, the newest first. */
export async function listDecisions(
  trx: RetentionTransaction,
  tenantId: string,
): Promise<KeptDecision[]> {
  const { rows } = await sql<Row>`
    select decision_id, topic, value, reason, proposed_by, proposed_at, confirmed_by, decided_on::text
    from retention_decision where tenant_id = ${tenantId}
    order by proposed_at desc, decision_id limit 1000`.execute(trx);
  return rows.map(decisionOf);
}

function decisionOf(row: Row): KeptDecision {
  return {
    decisionId: row.decision_id,
    topic: row.topic,
    value: row.value,
    reason: row.reason,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at.toISOString(),
    confirmedBy: row.confirmed_by,
    decidedOn: row.decided_on,
  };
}
