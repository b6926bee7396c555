import { sql } from 'kysely';
import type { RetentionTransaction } from '../database.ts';

/**
 * Marks the lives of records to be computed anew, of those that held the individual's number after them, and of
 * the dependants that go with them.
 */
export async function enqueueRecords(
  trx: RetentionTransaction,
  tenantId: string,
  recordIds: readonly string[],
): Promise<void> {
  if (recordIds.length === 0) return;
  await sql`
    insert into life_pending (tenant_id, record_id)
    select ${tenantId}, record_id from unnest(${[...recordIds]}::uuid[]) as named(record_id)
    union
    select ${tenantId}, s.record_id from tracked_record s
    where s.tenant_id = ${tenantId} and s.first_record_id = any(${[...recordIds]}::uuid[])
    union
    select ${tenantId}, d.record_id
    from tracked_record o
    join tracked_record d on d.tenant_id = ${tenantId} and d.related_ref = o.individual_ref
    where o.tenant_id = ${tenantId} and o.record_id = any(${[...recordIds]}::uuid[])`.execute(trx);
}

/** Marks every life of a tenant to be computed anew. */
export async function enqueueTenant(trx: RetentionTransaction, tenantId: string): Promise<void> {
  await sql`insert into life_scan (tenant_id) values (${tenantId})`.execute(trx);
}

/** Takes records off the queue, under the lock of the tenant’s lives; they are back when the transaction does not commit. */
export async function takePending(
  trx: RetentionTransaction,
  tenantId: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await sql<{ record_id: string }>`
    with taken as (
      delete from life_pending where pending_id in (
        select pending_id from life_pending where tenant_id = ${tenantId}
        order by pending_id limit ${limit})
      returning record_id)
    select distinct record_id from taken`.execute(trx);
  return rows.map((row) => row.record_id);
}

/**
 * The next records of the oldest scan, or none when there is no scan. The scan moves on, or ends, with the
 * transaction. A scan asked for while another is under way starts at the beginning and makes that one needless.
 */
export async function takeScanned(
  trx: RetentionTransaction,
  tenantId: string,
  limit: number,
): Promise<string[] | undefined> {
  const { rows: scans } = await sql<{ scan_id: string; after: string | null }>`
    select scan_id, after from life_scan where tenant_id = ${tenantId}
    order by scan_id desc limit 1 for update`.execute(trx);
  const [scan] = scans;
  if (scan === undefined) return undefined;
  const { rows } = await sql<{ record_id: string }>`
    select record_id from tracked_record
    where tenant_id = ${tenantId} and (${scan.after}::uuid is null or record_id > ${scan.after}::uuid)
    order by record_id limit ${limit}`.execute(trx);
  const recordIds = rows.map((row) => row.record_id);
  const last = recordIds.at(-1);
  if (last === undefined || recordIds.length < limit) {
    await sql`delete from life_scan where tenant_id = ${tenantId} and scan_id <= ${scan.scan_id}`.execute(
      trx,
    );
  } else {
    await sql`update life_scan set after = ${last}::uuid
      where tenant_id = ${tenantId} and scan_id = ${scan.scan_id}`.execute(trx);
  }
  return recordIds;
}

/**
 * Has every life of a tenant computed anew once another version of the law is in use than the one they were
 * asked for last; of a tenant of which nothing is noted yet, where a life was computed by another. Resolves with
 * whether it has.
 */
export async function enqueueOtherLaw(
  trx: RetentionTransaction,
  tenantId: string,
  lawVersion: string,
): Promise<boolean> {
  const { rows } = await sql<{ other: boolean }>`
    with before as materialized (select computed_law from retention_tenant where tenant_id = ${tenantId}),
    noted as (update retention_tenant set computed_law = ${lawVersion}
      where tenant_id = ${tenantId} and computed_law is distinct from ${lawVersion}::date returning 1)
    select case when computed_law is null
      then exists (select 1 from record_life where tenant_id = ${tenantId} and law_version <> ${lawVersion}::date)
      else true end as other
    from before, noted`.execute(trx);
  if (rows[0]?.other !== true) return false;
  await enqueueTenant(trx, tenantId);
  return true;
}
