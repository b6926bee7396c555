import type { Transaction } from 'kysely';
import { sql } from 'kysely';
import type { Subject, Superseded } from '@mnv/core';
import type { VaultDatabase } from '../database.ts';
import { SUPERSEDED_FROM, supersededFrom } from '../record-metadata.repository.ts';
import type { RecordToChange } from '../store-numbers.ts';
import { StoreConflict } from '../store-numbers.ts';

/** What the successor of a record takes over; undefined when the tenant has no such record. */
export async function findForChange(
  trx: Transaction<VaultDatabase>,
  tenantId: string,
  recordId: string,
): Promise<RecordToChange | undefined> {
  const row = await trx
    .selectFrom('number_record')
    .select(['individual_ref', 'subject', 'related_ref', 'purposes', 'disposed_at', 'frozen_at'])
    .select(['superseded_by', 'superseded_as', SUPERSEDED_FROM])
    .where('tenant_id', '=', tenantId)
    .where('record_id', '=', recordId)
    .executeTakeFirst();
  return (
    row && {
      individualRef: row.individual_ref,
      subject: row.subject as Subject,
      ...(row.related_ref !== null && { relatedRef: row.related_ref }),
      purposes: row.purposes,
      disposed: (row.disposed_at ?? row.frozen_at) !== null,
      ...supersededFrom(row),
    }
  );
}

type Change = { tenantId: string; recordId: string; superseded: Superseded };

/**
 * Makes room for the successor, which is inserted next. Of two changes at once, or a change and an order, the
 * second finds nothing to update: the condition is judged again once the first has committed.
 */
export async function supersede(
  trx: Transaction<VaultDatabase>,
  { tenantId, recordId, superseded }: Change,
): Promise<void> {
  const { by, reason, from } = superseded;
  const { numUpdatedRows } = await trx
    .updateTable('number_record')
    .set({ superseded_by: by, superseded_as: reason, superseded_from: from })
    .where('tenant_id', '=', tenantId)
    .where('record_id', '=', recordId)
    .where('superseded_by', 'is', null)
    .where('frozen_at', 'is', null)
    .where('disposed_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows !== 1n) throw new StoreConflict();
}

export async function tellOfChange(
  trx: Transaction<VaultDatabase>,
  { tenantId, recordId, superseded }: Change,
): Promise<void> {
  const { by, reason, from } = superseded;
  await sql`
    insert into record_event (kind, tenant_id, record_id, successor_id, reason, effective_from)
    values ('number-changed', ${tenantId}, ${recordId}::uuid, ${by}::uuid, ${reason}, ${from}::date)`.execute(
    trx,
  );
}
