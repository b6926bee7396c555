import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { VaultDatabase } from '../database.ts';

type Trx = Transaction<VaultDatabase>;
type Batch = { tenantId: string; disposalId: string };

/** How the records of a wanted batch stand, `missing` being unknown ones and those of other tenants. */
export type RecordsFound = { missing: number; disposed: number; taken: number };

/** Looks whether records can be in a batch. The transaction is the tenant's. */
export async function lookAtRecords(
  trx: Trx,
  tenantId: string,
  recordIds: readonly string[],
): Promise<RecordsFound> {
  const { rows } = await sql<Record<keyof RecordsFound, string>>`
    select count(*) filter (where k.record_id is null) as missing,
      count(*) filter (where k.disposed_at is not null) as disposed,
      count(*) filter (where i.record_id is not null) as taken
    from unnest(${recordIds}::uuid[]) as w(record_id)
    left join number_record k on k.tenant_id = ${tenantId} and k.record_id = w.record_id
    left join disposal_item i on i.tenant_id = ${tenantId} and i.record_id = w.record_id and i.open
    `.execute(trx);
  const { missing, disposed, taken } = rows[0] as Record<keyof RecordsFound, string>;
  return { missing: Number(missing), disposed: Number(disposed), taken: Number(taken) };
}

/** Puts living records into a batch, in order; answers how many could be. */
export async function insertItems(
  trx: Trx,
  { tenantId, disposalId }: Batch,
  recordIds: readonly string[],
): Promise<number> {
  const { numAffectedRows } = await sql`
    insert into disposal_item (disposal_id, at, tenant_id, record_id, tree, position)
    select ${disposalId}, w.at - 1, ${tenantId}, k.record_id, t.ordinal, k.position
    from unnest(${recordIds}::uuid[]) with ordinality as w(record_id, at)
    join number_record k on k.tenant_id = ${tenantId} and k.record_id = w.record_id
    join tree t on t.tenant_id = ${tenantId}
    where k.disposed_at is null
    on conflict do nothing`.execute(trx);
  return Number(numAffectedRows);
}

/** From the commit on the records read as disposed of, on every instance. Answers how many were frozen. */
export async function freezeRecords(trx: Trx, batch: Batch): Promise<number> {
  return changeFreeze(trx, batch, {
    to: sql`now()`,
    from: sql`k.frozen_at is null and k.disposed_at is null`,
    kind: 'frozen',
  });
}

/** The records read again. */
export async function releaseFromFreeze(trx: Trx, batch: Batch): Promise<number> {
  return changeFreeze(trx, batch, {
    to: sql`null`,
    from: sql`k.frozen_at is not null and k.disposed_at is null`,
    kind: 'released-from-freeze',
  });
}

type Change = { to: ReturnType<typeof sql>; from: ReturnType<typeof sql>; kind: string };

async function changeFreeze(
  trx: Trx,
  { tenantId, disposalId }: Batch,
  { to, from, kind }: Change,
): Promise<number> {
  const { numAffectedRows } = await sql`
    with changed as (
      update number_record k set frozen_at = ${to} from disposal_item i
      where i.disposal_id = ${disposalId} and i.tenant_id = ${tenantId}
        and k.tenant_id = i.tenant_id and k.record_id = i.record_id and ${from}
      returning k.record_id
    )
    insert into record_event (kind, tenant_id, record_id)
    select ${kind}, ${tenantId}, record_id from changed`.execute(trx);
  return Number(numAffectedRows);
}

/** A stopped batch lets go of its records. */
export async function closeItems(trx: Trx, { disposalId }: Batch): Promise<void> {
  await sql`update disposal_item set open = false where disposal_id = ${disposalId}`.execute(trx);
}

/** How many keys of a batch are erased so far. */
export async function countErased(
  db: Kysely<VaultDatabase> | Trx,
  disposalId: string,
): Promise<number> {
  const { rows } = await sql<{ erased: string }>`
    select count(*) filter (where dek_commitment is not null) as erased from disposal_item
    where disposal_id = ${disposalId}`.execute(db);
  return Number(rows[0]?.erased);
}
