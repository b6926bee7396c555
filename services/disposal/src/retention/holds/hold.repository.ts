import { sql } from 'kysely';
import type { RetentionTransaction } from '../database.ts';
import type { KeptHold, NewHold } from './hold.ts';
import type { HoldsToTell } from './tell-vault.ts';

/** A record that a hold covers, and where it stands. */
export type CoveredRecord = { recordId: string; state: 'living' | 'frozen' | 'erased' };

/**
 * Whether a living hold covers the record `r`: by its own individual, by that of the employee it belongs to,
 * or because the whole tenant is held.
 */
export const HELD = sql<boolean>`exists (
  select 1 from legal_hold h where h.tenant_id = r.tenant_id and h.lifted_at is null and (h.scope = 'tenant'
    or exists (select 1 from legal_hold_individual i where i.tenant_id = h.tenant_id and i.hold_id = h.hold_id
      and i.individual_ref in (r.individual_ref, r.related_ref))))`;

export async function insertHold(
  trx: RetentionTransaction,
  tenantId: string,
  { hold, holdId, placedBy }: { hold: NewHold; holdId: string; placedBy: string },
): Promise<void> {
  const caseId = hold.scope === 'case' ? hold.caseId : null;
  await sql`
    insert into legal_hold (tenant_id, hold_id, scope, case_id, reason, owner, review_on, placed_by)
    values (${tenantId}, ${holdId}, ${hold.scope}, ${caseId}, ${hold.reason}, ${hold.owner}, ${hold.reviewOn},
      ${placedBy})`.execute(trx);
  if (hold.scope === 'tenant') return;
  await sql`
    insert into legal_hold_individual (tenant_id, hold_id, individual_ref)
    select ${tenantId}, ${holdId}, ref from unnest(${[...new Set(hold.individuals)]}::text[]) as n(ref)`.execute(
    trx,
  );
}

/** The records that a hold to be placed would cover; erased ones with them. */
export async function findCovered(
  trx: RetentionTransaction,
  tenantId: string,
  hold: NewHold,
): Promise<CoveredRecord[]> {
  const refs = hold.scope === 'tenant' ? [] : hold.individuals;
  const { rows } = await sql<{ record_id: string; state: CoveredRecord['state'] }>`
    select record_id, state from tracked_record
    where tenant_id = ${tenantId} and (${hold.scope === 'tenant'}
      or individual_ref = any(${refs}::text[]) or related_ref = any(${refs}::text[]))`.execute(trx);
  return rows.map((row) => ({ recordId: row.record_id, state: row.state }));
}

/** Which of these records a living hold covers. */
export async function findHeld(
  trx: RetentionTransaction,
  tenantId: string,
  recordIds: readonly string[],
): Promise<string[]> {
  const { rows } = await sql<{ record_id: string }>`
    select record_id from tracked_record r
    where tenant_id = ${tenantId} and record_id = any(${[...recordIds]}::uuid[]) and ${HELD}`.execute(
    trx,
  );
  return rows.map((row) => row.record_id);
}

/** Whether a living hold covers a record of a disposal, known here already or not. */
export async function coversDisposal(
  trx: RetentionTransaction,
  tenantId: string,
  disposalId: string,
): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`
    select exists (
      select 1 from disposal_record d
      left join tracked_record r using (tenant_id, record_id)
      join legal_hold h on h.tenant_id = d.tenant_id and h.lifted_at is null
      where d.tenant_id = ${tenantId} and d.disposal_id = ${disposalId} and (h.scope = 'tenant' or exists (
        select 1 from legal_hold_individual i where i.tenant_id = h.tenant_id and i.hold_id = h.hold_id
          and i.individual_ref in (r.individual_ref, r.related_ref, d.individual_ref)))) as held`.execute(
    trx,
  );
  return rows[0]?.held ?? true;
}

/** A disposal under way that a hold has to be reported to. */
export type OpenDisposal = { disposalId: string; caseId: string; batchHash: string; count: number };

/** Disposals that were requested, have not ended, and hold one of these records. */
export async function findOpenDisposals(
  trx: RetentionTransaction,
  tenantId: string,
  recordIds: readonly string[],
): Promise<OpenDisposal[]> {
  const { rows } = await sql<{
    disposal_id: string;
    case_id: string;
    batch_hash: Buffer;
    n: number;
  }>`
    select disposal_id, case_id, batch_hash, n from disposal d
    where tenant_id = ${tenantId} and asked_at is not null
      and coalesce(vault_state not in ('erased', 'stopped'), true)
      and exists (select 1 from disposal_record i where i.tenant_id = d.tenant_id
        and i.disposal_id = d.disposal_id and i.record_id = any(${[...recordIds]}::uuid[]))
    order by drafted_at, disposal_id`.execute(trx);
  return rows.map((row) => ({
    disposalId: row.disposal_id,
    caseId: row.case_id,
    batchHash: row.batch_hash.toString('base64url'),
    count: row.n,
  }));
}

/** False when there is no such hold, or it was lifted already. */
export async function liftHold(
  trx: RetentionTransaction,
  tenantId: string,
  { holdId, liftedBy, reason }: { holdId: string; liftedBy: string; reason: string },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update legal_hold set lifted_at = now(), lifted_by = ${liftedBy}, lift_reason = ${reason}
    where tenant_id = ${tenantId} and hold_id = ${holdId} and lifted_at is null`.execute(trx);
  return numAffectedRows === 1n;
}

type Row = {
  hold_id: string;
  scope: KeptHold['scope'];
  case_id: string | null;
  individuals: string[];
  reason: string;
  owner: string;
  review_on: string;
  placed_at: Date;
  placed_by: string;
  lifted_at: Date | null;
  lifted_by: string | null;
  lift_reason: string | null;
};

/** Every hold there ever was, the oldest first. */
export async function findHoldsToTell(
  trx: RetentionTransaction,
  tenantId: string,
): Promise<HoldsToTell> {
  const { rows } = await sql<{ hold_id: string; whole: boolean; living: boolean; refs: string[] }>`
    select hold_id, scope = 'tenant' as whole, lifted_at is null as living,
      array(select individual_ref from legal_hold_individual i
        where i.tenant_id = h.tenant_id and i.hold_id = h.hold_id and h.lifted_at is null) as refs
    from legal_hold h where tenant_id = ${tenantId} order by placed_at, hold_id`.execute(trx);
  return {
    living: rows
      .filter(({ living }) => living)
      .map(({ hold_id, whole, refs }) => ({
        holdId: hold_id,
        ...(!whole && { individuals: refs }),
      })),
    lifted: rows.filter(({ living }) => !living).map(({ hold_id }) => hold_id),
  };
}

/** Every hold, the newest first. */
export async function listHolds(trx: RetentionTransaction, tenantId: string): Promise<KeptHold[]> {
  const { rows } = await sql<Row>`
    select h.hold_id, h.scope, h.case_id, h.reason, h.owner, h.review_on::text, h.placed_at, h.placed_by,
      h.lifted_at, h.lifted_by, h.lift_reason,
      array(select individual_ref from legal_hold_individual i
        where i.tenant_id = h.tenant_id and i.hold_id = h.hold_id order by 1) as individuals
    from legal_hold h where h.tenant_id = ${tenantId}
    order by h.placed_at desc, h.hold_id limit 1000`.execute(trx);
  return rows.map((row) => ({
    holdId: row.hold_id,
    scope: row.scope,
    caseId: row.case_id,
    individuals: row.individuals,
    reason: row.reason,
    owner: row.owner,
    reviewOn: row.review_on,
    placedAt: row.placed_at.toISOString(),
    placedBy: row.placed_by,
    liftedAt: row.lifted_at?.toISOString() ?? null,
    liftedBy: row.lifted_by,
    liftReason: row.lift_reason,
  }));
}
