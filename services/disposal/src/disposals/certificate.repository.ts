import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { withTenant } from '@mnv/service-kit';
import type { DisposalDatabase } from '../database.ts';
import type { DisposalKey } from './disposal.ts';

type Db = Kysely<DisposalDatabase>;

/** The number of the disposal's certificate: the next one of the deployment, taken once and for good. */
export async function takeCertificateNumber(db: Db, disposalId: string): Promise<number> {
  for (;;) {
    // Whoever takes the same number at the same time waits here for the other, and then tries the next.
    await sql`
      insert into certificate_number (number, disposal_id)
      select coalesce(max(number), 0) + 1, ${disposalId}::uuid from certificate_number
      on conflict do nothing`.execute(db);
    const row = await db
      .selectFrom('certificate_number')
      .select('number')
      .where('disposal_id', '=', disposalId)
      .executeTakeFirst();
    if (row) return Number(row.number);
  }
}

/**
 * Keeps the certificate under the next number of its tenant, unless another instance was first: then that one
 * stays.
 */
export async function keepCertificate(
  db: Db,
  key: DisposalKey,
  issued: { number: number; certificate: string; hash: Buffer },
): Promise<void> {
  const { tenantId, disposalId } = key;
  do {
    // Whoever takes the same number at the same time waits here for the other, and then tries the next.
    await withTenant(db, tenantId, (trx) =>
      sql`
        insert into disposal_certificate (tenant_id, disposal_id, number, certificate, hash, tenant_number)
        select ${tenantId}, ${disposalId}::uuid, ${issued.number}, ${issued.certificate}, ${issued.hash},
          coalesce(max(tenant_number), 0) + 1
        from disposal_certificate where tenant_id = ${tenantId}
        on conflict do nothing`.execute(trx),
    );
  } while ((await findCertificate(db, key)) === undefined);
}

/** The certificate as it is given out (compact JWS). */
export async function findCertificate(
  db: Db,
  { tenantId, disposalId }: DisposalKey,
): Promise<string | undefined> {
  return withTenant(db, tenantId, async (trx) => {
    const row = await trx
      .selectFrom('disposal_certificate')
      .select('certificate')
      .where('tenant_id', '=', tenantId)
      .where('disposal_id', '=', disposalId)
      .executeTakeFirst();
    return row?.certificate;
  });
}

/** Keeps where the control log says that it was issued. */
export async function keepControlIndex(
  db: Db,
  { tenantId, disposalId }: DisposalKey,
  index: number,
): Promise<void> {
  await withTenant(db, tenantId, (trx) =>
    trx
      .updateTable('disposal_certificate')
      .set({ control_index: index })
      .where('tenant_id', '=', tenantId)
      .where('disposal_id', '=', disposalId)
      .execute(),
  );
}
