import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { RecordMetadata, Subject, Superseded } from '@mnv/core';
import { withTenant } from '@mnv/service-kit';
import type { VaultDatabase } from './database.ts';

/** What is known of a living record without opening it. */
export async function findMetadata(
  db: Kysely<VaultDatabase>,
  tenantId: string,
  recordId: string,
): Promise<(RecordMetadata & { disposed: boolean }) | undefined> {
  return withTenant(db, tenantId, async (trx) => {
    const row = await metadata(trx, tenantId).where('record_id', '=', recordId).executeTakeFirst();
    return row && { ...metadataFrom(row), disposed: (row.disposed_at ?? row.frozen_at) !== null };
  });
}

/** The living records of an individual: for each kind of subject the one in use, and those it superseded. */
export async function findByIndividualRef(
  db: Kysely<VaultDatabase>,
  tenantId: string,
  { individualRef, subject }: { individualRef: string; subject: string | undefined },
): Promise<RecordMetadata[]> {
  return withTenant(db, tenantId, async (trx) => {
    const named = metadata(trx, tenantId)
      .where('individual_ref', '=', individualRef)
      .where('disposed_at', 'is', null)
      .where('frozen_at', 'is', null);
    const rows = await (subject === undefined ? named : named.where('subject', '=', subject))
      .orderBy('stored_at')
      .execute();
    return rows.map((row) => metadataFrom(row));
  });
}

/** Legal days are texts; the driver would make a moment of it. */
export const SUPERSEDED_FROM = sql<string | null>`superseded_from::text`.as('superseded_from');

function metadata(trx: Transaction<VaultDatabase>, tenantId: string) {
  return trx
    .selectFrom('number_record')
    .select(['record_id', 'individual_ref', 'subject', 'related_ref', 'purposes', 'verification'])
    .select(['notice_version', 'stored_at', 'disposed_at', 'frozen_at'])
    .select(['superseded_by', 'superseded_as', SUPERSEDED_FROM])
    .where('tenant_id', '=', tenantId);
}

type MetadataRow = Awaited<ReturnType<ReturnType<typeof metadata>['executeTakeFirstOrThrow']>>;

function metadataFrom(row: MetadataRow): RecordMetadata {
  return {
    recordId: row.record_id,
    individualRef: row.individual_ref,
    subject: row.subject as Subject,
    ...(row.related_ref !== null && { relatedRef: row.related_ref }),
    purposes: row.purposes,
    verification: row.verification,
    noticeVersion: row.notice_version,
    storedAt: row.stored_at.toISOString(),
    ...supersededFrom(row),
  };
}

/** What superseded a record, as a member to spread. */
export function supersededFrom(
  row: Pick<MetadataRow, 'superseded_by' | 'superseded_as' | 'superseded_from'>,
): { superseded?: Superseded } {
  const { superseded_by: by, superseded_as: reason, superseded_from: from } = row;
  return by !== null && reason !== null && from !== null
    ? { superseded: { by, reason, from } }
    : {};
}
