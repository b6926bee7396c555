import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { LegalDay } from '@mnv/bango-ho';
import { withTenant } from '@mnv/service-kit';
import type { DisposalDatabase } from '../database.ts';
import type { DisposalKey, DisposalRecord } from './disposal.ts';

type Db = Kysely<DisposalDatabase>;

export type NewDisposal = DisposalKey & {
  caseId: string;
  reason: string;
  batchHash: Buffer;
  records: readonly DisposalRecord[];
  draftedBy: string;
  clientId: string;
  idempotencyKey: string;
};

/** A draft that was made under the same key before. */
export type EarlierDraft = { disposalId: string; same: boolean };

/** How many of the records the law, what was told and what people decided do not let go by this day. */
async function countNotDue(
  trx: Db,
  { tenantId, records }: NewDisposal,
  today: LegalDay,
): Promise<number> {
  const ids = records.map(({ recordId }) => recordId);
  const { rows } = await sql<{ n: string }>`
    select count(*) as n from unnest(${ids}::uuid[]) as l(record_id)
    left join record_life r on r.tenant_id = ${tenantId} and r.record_id = l.record_id
    where not coalesce(r.deletable_from <= ${today}, false)`.execute(trx);
  return Number(rows[0]?.n);
}

/** Stores a draft with its records, or tells the one that its idempotency key made before. */
export async function insertDraft(
  db: Db,
  draft: NewDisposal,
  today: LegalDay,
): Promise<{ inserted: true } | EarlierDraft> {
  return withTenant(db, draft.tenantId, async (trx) => {
    const { numInsertedOrUpdatedRows } = await trx
      .insertInto('disposal')
      .values({
        tenant_id: draft.tenantId,
        disposal_id: draft.disposalId,
        case_id: draft.caseId,
        reason: draft.reason,
        batch_hash: draft.batchHash,
        n: draft.records.length,
        not_due: await countNotDue(trx, draft, today),
        drafted_by: draft.draftedBy,
        client_id: draft.clientId,
        idempotency_key: draft.idempotencyKey,
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 1n) {
      await insertRecords(trx, draft);
      return { inserted: true };
    }
    return earlierDraft(trx, draft);
  });
}

async function insertRecords(trx: Db, { tenantId, disposalId, records }: NewDisposal) {
  const ids = records.map(({ recordId }) => recordId);
  const refs = records.map(({ individualRef }) => individualRef ?? null);
  await sql`
    insert into disposal_record (tenant_id, disposal_id, at, record_id, individual_ref, due_since)
    select ${tenantId}, ${disposalId}::uuid, l.at - 1, l.record_id, l.individual_ref, r.deletable_from
    from unnest(${ids}::uuid[], ${refs}::text[]) with ordinality as l(record_id, individual_ref, at)
    left join record_life r on r.tenant_id = ${tenantId} and r.record_id = l.record_id
  `.execute(trx);
}

async function earlierDraft(trx: Db, draft: NewDisposal): Promise<EarlierDraft> {
  const row = await trx
    .selectFrom('disposal')
    .select(['disposal_id', 'batch_hash', 'case_id', 'reason'])
    .where('tenant_id', '=', draft.tenantId)
    .where('client_id', '=', draft.clientId)
    .where('idempotency_key', '=', draft.idempotencyKey)
    .executeTakeFirstOrThrow();
  const same =
    row.batch_hash.equals(draft.batchHash) &&
    row.case_id === draft.caseId &&
    row.reason === draft.reason;
  return { disposalId: row.disposal_id, same };
}

/** Records of a disposal from a place on, in the order that is hashed. */
export async function readRecords(
  db: Db,
  { tenantId, disposalId }: DisposalKey,
  { from, limit }: { from: number; limit: number },
): Promise<DisposalRecord[]> {
  return withTenant(db, tenantId, async (trx) => {
    const rows = await trx
      .selectFrom('disposal_record')
      .select(['record_id', 'individual_ref'])
      .where('tenant_id', '=', tenantId)
      .where('disposal_id', '=', disposalId)
      .where('at', '>=', from)
      .orderBy('at')
      .limit(limit)
      .execute();
    return rows.map((row) => ({
      recordId: row.record_id,
      ...(row.individual_ref !== null && { individualRef: row.individual_ref }),
    }));
  });
}

/** Forgets the tenant's own keys of the persons: they have the list now. */
export async function forgetIndividualRefs(
  db: Db,
  { tenantId, disposalId }: DisposalKey,
): Promise<void> {
  await withTenant(db, tenantId, (trx) =>
    trx
      .updateTable('disposal_record')
      .set({ individual_ref: null })
      .where('tenant_id', '=', tenantId)
      .where('disposal_id', '=', disposalId)
      .where('individual_ref', 'is not', null)
      .execute(),
  );
}
