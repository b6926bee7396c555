import { sql } from 'kysely';
import type { Kysely, RawBuilder } from 'kysely';
import { withTenant } from '@mnv/service-kit';
import type { DisposalDatabase } from '../database.ts';
import type { DisposalKey } from '../disposals/disposal.ts';
import { withinDays } from '../within-days.repository.ts';

type Db = Kysely<DisposalDatabase>;

/** A certificate of the tenant: who was handed it when, and who has acknowledged it. */
export type DeliveredCertificate = {
  disposalId: string;
  caseId: string;
  count: number;
  number: number;
  tenantNumber: number;
  hash: string;
  issuedAt: string;
  deliveries: { to: string; at: string }[];
  acknowledgement: { by: string; at: string } | null;
};

/** Certificates that are `undelivered` or `unacknowledged`; undefined: all. */
export type DeliveryState = 'undelivered' | 'unacknowledged' | undefined;

/** Notes that somebody is handed a certificate; again changes nothing. */
export async function noteDelivery(
  db: Db,
  { tenantId, disposalId }: DisposalKey,
  { person, clientId }: { person: string; clientId: string },
): Promise<void> {
  await withTenant(db, tenantId, (trx) =>
    sql`
      insert into certificate_delivery (tenant_id, disposal_id, delivered_to, client_id)
      values (${tenantId}, ${disposalId}, ${person}, ${clientId}) on conflict do nothing`.execute(
      trx,
    ),
  );
}

export async function wasDelivered(
  db: Db,
  { tenantId, disposalId }: DisposalKey,
  person: string,
): Promise<boolean> {
  return withTenant(db, tenantId, async (trx) => {
    const { rows } = await sql`
      select from certificate_delivery
      where tenant_id = ${tenantId} and disposal_id = ${disposalId} and delivered_to = ${person}`.execute(
      trx,
    );
    return rows.length > 0;
  });
}

/** Keeps the first acknowledgement; resolves with whose it is. */
export async function keepAcknowledgement(
  db: Db,
  { tenantId, disposalId }: DisposalKey,
  person: string,
): Promise<string> {
  return withTenant(db, tenantId, async (trx) => {
    await sql`
      insert into certificate_acknowledgement (tenant_id, disposal_id, acknowledged_by)
      values (${tenantId}, ${disposalId}, ${person}) on conflict do nothing`.execute(trx);
    const { rows } = await sql<{ acknowledged_by: string }>`
      select acknowledged_by from certificate_acknowledgement
      where tenant_id = ${tenantId} and disposal_id = ${disposalId}`.execute(trx);
    return rows[0]?.acknowledged_by ?? '';
  });
}

/** Which certificates of a tenant: those numbered below `before`, the last one of the page before. */
export type CertificatePage = { state: DeliveryState; before: number | undefined; limit: number };

/** The newest first. */
export async function listCertificates(
  db: Db,
  tenantId: string,
  { state, before, limit }: CertificatePage,
): Promise<DeliveredCertificate[]> {
  return findCertificates(
    db,
    tenantId,
    sql`(${state !== 'unacknowledged'} or a.acknowledged_by is null)
      and (${state !== 'undelivered'} or not exists (select from certificate_delivery e
        where e.tenant_id = ${tenantId} and e.disposal_id = c.disposal_id))
      and (${before ?? null}::bigint is null or c.tenant_number < ${before ?? null}::bigint)
      order by c.tenant_number desc limit ${limit}`,
  );
}

/** Issued on the days of a period (Tokyo), in the order of their numbers; `after` is the last of the page before. */
export async function listIssued(
  db: Db,
  tenantId: string,
  {
    from,
    to,
    after,
    limit,
  }: {
    from: string;
    to: string;
    after?: DeliveredCertificate | undefined;
    limit: number;
  },
): Promise<DeliveredCertificate[]> {
  return findCertificates(
    db,
    tenantId,
    sql`${withinDays(sql`c.issued_at`, { from, to })} and c.tenant_number > ${after?.tenantNumber ?? 0}
      order by c.tenant_number limit ${limit}`,
  );
}

/** Certificates with who was handed them and who has acknowledged them; `which` says the rest of the statement. */
function findCertificates(
  db: Db,
  tenantId: string,
  which: RawBuilder<unknown>,
): Promise<DeliveredCertificate[]> {
  return withTenant(db, tenantId, async (trx) => {
    const { rows } = await sql<Row>`
      select c.disposal_id, d.case_id, d.n, c.number, c.tenant_number, c.hash, c.issued_at,
        coalesce((select jsonb_agg(jsonb_build_object('to', delivered_to, 'at', delivered_at)
            order by delivered_at, delivered_to)
          from certificate_delivery e
          where e.tenant_id = ${tenantId} and e.disposal_id = c.disposal_id), '[]') as deliveries,
        a.acknowledged_by, a.acknowledged_at
      from disposal_certificate c
      join disposal d on d.tenant_id = c.tenant_id and d.disposal_id = c.disposal_id
      left join certificate_acknowledgement a on a.tenant_id = c.tenant_id and a.disposal_id = c.disposal_id
      where c.tenant_id = ${tenantId} and ${which}`.execute(trx);
    return rows.map(certificateOf);
  });
}

type Row = {
  disposal_id: string;
  case_id: string;
  n: number;
  number: string;
  tenant_number: string;
  hash: Buffer;
  issued_at: Date;
  deliveries: { to: string; at: string }[];
  acknowledged_by: string | null;
  acknowledged_at: Date | null;
};

function certificateOf(row: Row): DeliveredCertificate {
  const { acknowledged_by: by, acknowledged_at: at } = row;
  return {
    disposalId: row.disposal_id,
    caseId: row.case_id,
    count: row.n,
    number: Number(row.number),
    tenantNumber: Number(row.tenant_number),
    hash: row.hash.toString('base64url'),
    issuedAt: row.issued_at.toISOString(),
    deliveries: row.deliveries.map((one) => ({ ...one, at: new Date(one.at).toISOString() })),
    acknowledgement: by === null || at === null ? null : { by, at: at.toISOString() },
  };
}
