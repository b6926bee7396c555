import { sql } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import type { RetentionTransaction } from '../database.ts';
import type { AdoptionStep, KeptAdoption, KeptSimulation } from './adopt-law.ts';
import { bytesOf, findLawInUse } from './law-table.repository.ts';
import type { LawSimulation } from './simulate-law.ts';

type AdoptionRow = {
  adoption_id: string;
  table_digest: Buffer;
  version: string;
  simulation_id: string | null;
  adopt_from: string;
  reason: string | null;
  proposed_by: string | null;
  proposed_at: Date;
  confirmed_by: string | null;
  effective_on: string | null;
};

const ADOPTIONS = sql`
  select adoption_id, table_digest, t.version::text as version, simulation_id, adopt_from::text, reason, proposed_by,
    proposed_at, confirmed_by, effective_on::text
  from law_adoption a join law_table t on t.tenant_id = a.tenant_id and t.digest = a.table_digest`;

/** One transaction of a tenant in which nobody else signs for it. */
export async function adoptionStep(
  trx: RetentionTransaction,
  tenantId: string,
  today: LegalDay,
): Promise<AdoptionStep> {
  await sql`select pg_advisory_xact_lock(hashtextextended('law of ' || ${tenantId}, 0))`.execute(
    trx,
  );
  return {
    findSimulation: (simulationId) => findSimulation(trx, tenantId, simulationId),
    findLawInUse: () => findLawInUse(trx, tenantId, today),
    latestSigned: () => findLatestSigned(trx, tenantId),
    insertProposal: async ({ adoptionId, table, simulationId, from, reason, proposedBy }) => {
      await sql`
        insert into law_adoption (tenant_id, adoption_id, table_digest, simulation_id, adopt_from, reason, proposed_by)
        values (${tenantId}, ${adoptionId}, ${bytesOf(table)}, ${simulationId}, ${from}, ${reason},
          ${proposedBy})`.execute(trx);
    },
    findAdoption: async (adoptionId) => {
      const { rows } = await sql<AdoptionRow>`
        ${ADOPTIONS} where a.tenant_id = ${tenantId} and adoption_id = ${adoptionId}`.execute(trx);
      return rows[0] && adoptionOf(rows[0]);
    },
    confirm: async (adoptionId, confirmedBy, effectiveOn) => {
      await sql`
        update law_adoption set confirmed_at = now(), confirmed_by = ${confirmedBy}, effective_on = ${effectiveOn}
        where tenant_id = ${tenantId} and adoption_id = ${adoptionId}`.execute(trx);
    },
  };
}

async function findLatestSigned(trx: RetentionTransaction, tenantId: string): Promise<LegalDay> {
  const { rows } = await sql<{ version: string }>`
    select max(t.version)::text as version
    from law_adoption a join law_table t on t.tenant_id = a.tenant_id and t.digest = a.table_digest
    where a.tenant_id = ${tenantId} and a.effective_on is not null`.execute(trx);
  return rows[0]?.version ?? '';
}

/** Every proposal, the newest first. */
export async function listAdoptions(
  trx: RetentionTransaction,
  tenantId: string,
): Promise<KeptAdoption[]> {
  const { rows } = await sql<AdoptionRow>`
    ${ADOPTIONS} where a.tenant_id = ${tenantId}
    order by proposed_at desc, adoption_id limit 1000`.execute(trx);
  return rows.map(adoptionOf);
}

export async function insertSimulation(
  trx: RetentionTransaction,
  tenantId: string,
  made: Omit<KeptSimulation, 'version'>,
): Promise<void> {
  await sql`
    insert into law_simulation (tenant_id, simulation_id, table_digest, in_use_digest, digest, result, made_on, made_by)
    values (${tenantId}, ${made.simulationId}, ${bytesOf(made.table)}, ${bytesOf(made.inUse)},
      ${bytesOf(made.digest)}, ${JSON.stringify(made.simulation)}::jsonb, ${made.madeOn}, ${made.madeBy})`.execute(
    trx,
  );
}

export async function findSimulation(
  trx: RetentionTransaction,
  tenantId: string,
  simulationId: string,
): Promise<KeptSimulation | undefined> {
  const { rows } = await sql<{
    table_digest: Buffer;
    version: string;
    in_use_digest: Buffer;
    digest: Buffer;
    made_on: string;
    made_by: string;
    result: LawSimulation;
  }>`
    select table_digest, t.version::text as version, in_use_digest, s.digest, made_on::text, made_by, result
    from law_simulation s join law_table t on t.tenant_id = s.tenant_id and t.digest = s.table_digest
    where s.tenant_id = ${tenantId} and simulation_id = ${simulationId}`.execute(trx);
  const [row] = rows;
  return (
    row && {
      simulationId,
      table: row.table_digest.toString('base64url'),
      version: row.version,
      inUse: row.in_use_digest.toString('base64url'),
      digest: row.digest.toString('base64url'),
      madeOn: row.made_on,
      madeBy: row.made_by,
      simulation: row.result,
    }
  );
}

function adoptionOf(row: AdoptionRow): KeptAdoption {
  return {
    adoptionId: row.adoption_id,
    table: row.table_digest.toString('base64url'),
    version: row.version,
    simulationId: row.simulation_id,
    from: row.adopt_from,
    reason: row.reason,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at.toISOString(),
    confirmedBy: row.confirmed_by,
    effectiveOn: row.effective_on,
  };
}
