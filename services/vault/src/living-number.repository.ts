import type { Kysely } from 'kysely';
import { sql } from 'kysely';
import { withTenant } from '@mnv/service-kit';
import type { VaultDatabase } from './database.ts';
import type { SealedNumber } from './open-numbers.ts';

/** A sealed number and the tenant's own key of the person it belongs to; not, when it was mistyped. */
export type LivingNumber = SealedNumber & { individualRef: string; isMistyped?: boolean };

/** The living records of a tenant at some moment: how many, and the position of the last of them (-1: none). */
export type Living = { count: number; last: number };

export async function countLiving(db: Kysely<VaultDatabase>, tenantId: string): Promise<Living> {
  return withTenant(db, tenantId, async (trx) => {
    const row = await trx
      .selectFrom('number_record')
      .select([
        sql<number>`count(*)::float8`.as('count'),
        sql<number>`coalesce(max(position), -1)::float8`.as('last'),
      ])
      .where('tenant_id', '=', tenantId)
      .where('disposed_at', 'is', null)
      .executeTakeFirstOrThrow();
    return row;
  });
}

/** Living records by position, behind `after` and up to `last`, at most `limit`. */
export async function readLiving(
  db: Kysely<VaultDatabase>,
  tenantId: string,
  range: { after: number; last: number; limit: number },
): Promise<LivingNumber[]> {
  const rows = await withTenant(db, tenantId, (trx) =>
    trx
      .selectFrom('number_record')
      .select(['record_id', 'position', 'sealed_number', 'individual_ref', 'superseded_as'])
      .where('tenant_id', '=', tenantId)
      .where('position', '>', String(range.after))
      .where('position', '<=', String(range.last))
      .where('disposed_at', 'is', null)
      .where('frozen_at', 'is', null)
      .orderBy('position')
      .limit(range.limit)
      .execute(),
  );
  return rows.flatMap(({ record_id: recordId, position, sealed_number: blob, ...row }) =>
    blob === null
      ? []
      : [
          {
            recordId,
            position: Number(position),
            blob,
            individualRef: row.individual_ref,
            isMistyped: row.superseded_as === 'corrected',
          },
        ],
  );
}

/** Which of these records are living. */
export async function findLivingAmong(
  db: Kysely<VaultDatabase>,
  tenantId: string,
  recordIds: string[],
): Promise<string[]> {
  const rows = await withTenant(db, tenantId, (trx) =>
    trx
      .selectFrom('number_record')
      .select('record_id')
      .where('tenant_id', '=', tenantId)
      .where('record_id', '=', sql<string>`any(${recordIds}::uuid[])`)
      .where('disposed_at', 'is', null)
      .execute(),
  );
  return rows.map((row) => row.record_id);
}
