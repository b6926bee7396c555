import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { Refusal } from '@mnv/core';
import type { RetentionTransaction } from '../database.ts';
import { ensureTenant } from '../tenant.repository.ts';
import type {
  DeletionPlace,
  NewSubcontractorCertificate,
  NewSubcontractorDeletion,
  SubcontractorDeletion,
} from './subcontractor-deletion.ts';

/** Before every id. */
const NIL = '00000000-0000-0000-0000-000000000000';

export async function insertDeletion(
  trx: RetentionTransaction,
  tenantId: string,
  noted: NewSubcontractorDeletion & { deletionId: string; notedBy: string },
): Promise<void> {
  await ensureTenant(trx, tenantId);
  await sql`
    insert into subcontractor_deletion (tenant_id, deletion_id, subcontractor, what, due_on, noted_by)
    values (${tenantId}, ${noted.deletionId}, ${noted.subcontractor}, ${noted.what}, ${noted.dueOn},
      ${noted.notedBy})`.execute(trx);
}

/**
 * Takes a proof in; false when the same file was taken in before. Throws Refusal `not-found` where the tenant has
 * no such deletion, or no such disposal.
 */
export async function insertCertificate(
  trx: RetentionTransaction,
  tenantId: string,
  received: NewSubcontractorCertificate & { deletionId: string; receivedBy: string },
): Promise<boolean> {
  await requireThere(trx, tenantId, received);
  const { numAffectedRows } = await sql`
    insert into subcontractor_certificate (tenant_id, deletion_id, file_sha256, issuer, issued_on, kind, disposal_id,
      received_by)
    values (${tenantId}, ${received.deletionId}, ${Buffer.from(received.fileSha256, 'hex')}, ${received.issuer},
      ${received.issuedOn}, ${received.kind}, ${received.disposalId ?? null}, ${received.receivedBy})
    on conflict do nothing`.execute(trx);
  return numAffectedRows === 1n;
}

async function requireThere(
  trx: RetentionTransaction,
  tenantId: string,
  { deletionId, disposalId }: { deletionId: string; disposalId?: string | undefined },
): Promise<void> {
  const { rows } = await sql<{ noted: boolean; disposal: boolean }>`
    select exists (select from subcontractor_deletion
        where tenant_id = ${tenantId} and deletion_id = ${deletionId}) as noted,
      ${disposalId === undefined} or exists (select from disposal
        where tenant_id = ${tenantId} and disposal_id = ${disposalId ?? null}::uuid) as disposal`.execute(
    trx,
  );
  if (rows[0]?.noted !== true) throw new Refusal('not-found', 'No such deletion was noted.');
  if (!rows[0].disposal) throw new Refusal('not-found', 'disposalId: there is no such disposal.');
}

/** Those without a proof first, the longest due first, behind the place where the page before ended. */
export async function listDeletions(
  trx: RetentionTransaction,
  tenantId: string,
  { after, limit }: { after: DeletionPlace | undefined; limit: number },
): Promise<SubcontractorDeletion[]> {
  const { proven = false, dueOn = '0001-01-01', deletionId = NIL } = after ?? {};
  return findDeletions(
    trx,
    sql`d.tenant_id = ${tenantId} group by d.tenant_id, d.deletion_id
      having (count(c.deletion_id) > 0, due_on, d.deletion_id)
        > (${proven}, ${dueOn}::date, ${deletionId}::uuid)
      order by count(c.deletion_id) > 0, due_on, d.deletion_id limit ${limit}`,
  );
}

/** Due in a period, the oldest first; `after` is the last one of the page before. */
export async function listDue(
  trx: RetentionTransaction,
  tenantId: string,
  {
    from,
    to,
    after,
    limit,
  }: {
    from: string;
    to: string;
    after?: SubcontractorDeletion | undefined;
    limit: number;
  },
): Promise<SubcontractorDeletion[]> {
  const begin = { dueOn: after?.dueOn ?? from, deletionId: after?.deletionId ?? NIL };
  return findDeletions(
    trx,
    sql`d.tenant_id = ${tenantId} and due_on <= ${to}
      and (due_on, d.deletion_id) > (${begin.dueOn}::date, ${begin.deletionId}::uuid)
      group by d.tenant_id, d.deletion_id order by due_on, d.deletion_id limit ${limit}`,
  );
}

async function findDeletions(
  trx: RetentionTransaction,
  which: RawBuilder<unknown>,
): Promise<SubcontractorDeletion[]> {
  const { rows } = await sql<Row>`
    select d.deletion_id, subcontractor, what, due_on::text, noted_at, noted_by,
      coalesce(jsonb_agg(jsonb_build_object('fileSha256', encode(file_sha256, 'hex'), 'issuer', issuer,
          'issuedOn', issued_on, 'kind', kind, 'disposalId', c.disposal_id, 'receivedAt', received_at,
          'receivedBy', received_by) order by received_at) filter (where c.deletion_id is not null), '[]')
        as certificates
    from subcontractor_deletion d left join subcontractor_certificate c using (tenant_id, deletion_id)
    where ${which}`.execute(trx);
  return rows.map(deletionOf);
}

type Row = {
  deletion_id: string;
  subcontractor: string;
  what: string;
  due_on: string;
  noted_at: Date;
  noted_by: string;
  certificates: (Omit<SubcontractorDeletion['certificates'][number], 'disposalId'> & {
    disposalId: string | null;
  })[];
};

function deletionOf(row: Row): SubcontractorDeletion {
  return {
    deletionId: row.deletion_id,
    subcontractor: row.subcontractor,
    what: row.what,
    dueOn: row.due_on,
    notedAt: row.noted_at.toISOString(),
    notedBy: row.noted_by,
    certificates: row.certificates.map(({ disposalId, receivedAt, ...rest }) => ({
      ...rest,
      receivedAt: new Date(receivedAt).toISOString(),
      ...(disposalId !== null && { disposalId }),
    })),
  };
}
