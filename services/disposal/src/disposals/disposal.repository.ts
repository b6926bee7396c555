import { sql } from 'kysely';
import type { Kysely, Transaction } from 'kysely';
import { withTenant } from '@mnv/service-kit';
import type { DisposalDatabase } from '../database.ts';
import { withinDays } from '../within-days.repository.ts';
import type { Disposal, DisposalIndices, DisposalKey, Intent, VaultStatus } from './disposal.ts';

type Db = Kysely<DisposalDatabase>;

/** The disposal, or undefined. */
export async function findDisposal(db: Db, key: DisposalKey): Promise<Disposal | undefined> {
  return withTenant(db, key.tenantId, async (trx) => {
    const row = await disposals(trx, key.tenantId)
      .where('disposal.disposal_id', '=', key.disposalId)
      .executeTakeFirst();
    return row && disposalFrom(row);
  });
}

/** The newest first; `before` is the id of the last one of the page before. */
export async function listDisposals(
  db: Db,
  tenantId: string,
  { before, limit }: { before: string | undefined; limit: number },
): Promise<Disposal[]> {
  return withTenant(db, tenantId, async (trx) => {
    const all = disposals(trx, tenantId)
      .orderBy('drafted_at', 'desc')
      .orderBy('disposal.disposal_id', 'desc')
      .limit(limit);
    const page =
      before === undefined
        ? all
        : all.where(
            sql<boolean>`(drafted_at, disposal.disposal_id) < (select drafted_at, disposal_id
              from disposal where tenant_id = ${tenantId} and disposal_id = ${before}::uuid)`,
          );
    return (await page.execute()).map((row) => disposalFrom(row));
  });
}

/** Drafted on the days of a period (Tokyo), the oldest first; `after` is the last one of the page before. */
export async function listDrafted(
  db: Db,
  tenantId: string,
  {
    from,
    to,
    after,
    limit,
  }: { from: string; to: string; after?: Disposal | undefined; limit: number },
): Promise<Disposal[]> {
  return withTenant(db, tenantId, async (trx) => {
    const all = disposals(trx, tenantId)
      .where(withinDays(sql`drafted_at`, { from, to }))
      .orderBy('drafted_at')
      .orderBy('disposal.disposal_id')
      .limit(limit);
    const page =
      after === undefined
        ? all
        : all.where(
            sql<boolean>`(drafted_at, disposal.disposal_id) > (select drafted_at, disposal_id
              from disposal where tenant_id = ${tenantId} and disposal_id = ${after.disposalId}::uuid)`,
          );
    return (await page.execute()).map((row) => disposalFrom(row));
  });
}

/** Notes, once, that this was set out to be done. */
export async function noteIntent(
  db: Db,
  { tenantId, disposalId }: DisposalKey,
  what: Intent,
): Promise<void> {
  await withTenant(db, tenantId, async (trx) => {
    await trx
      .updateTable('disposal')
      .set({ [what]: sql`coalesce(${sql.ref(what)}, now())` })
      .where('tenant_id', '=', tenantId)
      .where('disposal_id', '=', disposalId)
      .execute();
    await trx
      .insertInto('disposal_watch')
      .values({ disposal_id: disposalId, tenant_id: tenantId })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  });
}

/** Takes a note back: the vault has refused for good what was noted. */
export async function withdrawIntent(
  db: Db,
  { tenantId, disposalId }: DisposalKey,
  what: Intent,
): Promise<void> {
  await withTenant(db, tenantId, (trx) =>
    trx
      .updateTable('disposal')
      .set({ [what]: null })
      .where('tenant_id', '=', tenantId)
      .where('disposal_id', '=', disposalId)
      .execute(),
  );
}

/** Keeps what the vault says of a disposal. */
export async function keepVaultStatus(
  db: Db,
  { tenantId, disposalId }: DisposalKey,
  status: VaultStatus,
): Promise<void> {
  await withTenant(db, tenantId, (trx) =>
    trx
      .updateTable('disposal')
      .set({
        vault_state: status.state,
        held: status.held,
        approvals: status.approvals,
        epoch: status.epoch ?? null,
        indices: JSON.stringify(status.indices),
        looked_at: sql<Date>`now()`,
      })
      .where('tenant_id', '=', tenantId)
      .where('disposal_id', '=', disposalId)
      .execute(),
  );
}

/** What is under way, over all tenants: ids alone. */
export async function listWatched(db: Db): Promise<DisposalKey[]> {
  return db
    .selectFrom('disposal_watch')
    .select(['tenant_id as tenantId', 'disposal_id as disposalId'])
    .orderBy('disposal_id')
    .execute();
}

export async function endWatch(db: Db, disposalId: string): Promise<void> {
  await db.deleteFrom('disposal_watch').where('disposal_id', '=', disposalId).execute();
}

function disposals(trx: Transaction<DisposalDatabase>, tenantId: string) {
  return trx
    .selectFrom('disposal')
    .leftJoin('disposal_certificate as certificate', (join) =>
      join
        .onRef('certificate.tenant_id', '=', 'disposal.tenant_id')
        .onRef('certificate.disposal_id', '=', 'disposal.disposal_id'),
    )
    .selectAll('disposal')
    .select(['certificate.number', 'certificate.hash', 'certificate.issued_at'])
    .select(['certificate.control_index', 'certificate.tenant_number'])
    .where('disposal.tenant_id', '=', tenantId);
}

type DisposalRow = Awaited<ReturnType<ReturnType<typeof disposals>['executeTakeFirstOrThrow']>>;

function disposalFrom(row: DisposalRow): Disposal {
  return {
    tenantId: row.tenant_id,
    disposalId: row.disposal_id,
    caseId: row.case_id,
    reason: row.reason,
    batchHash: row.batch_hash.toString('base64url'),
    count: row.n,
    notDue: row.not_due ?? undefined,
    draftedAt: row.drafted_at,
    draftedBy: row.drafted_by,
    askedAt: row.asked_at ?? undefined,
    orderedAt: row.ordered_at ?? undefined,
    stopAt: row.stop_at ?? undefined,
    lookedAt: row.looked_at ?? undefined,
    vaultState: row.vault_state ?? undefined,
    held: row.held,
    approvals: row.approvals,
    epoch: row.epoch === null ? undefined : Number(row.epoch),
    indices: (row.indices as DisposalIndices | null) ?? undefined,
    certificate: certificateFrom(row),
  };
}

function certificateFrom(row: DisposalRow) {
  const { number, tenant_number, hash, issued_at, control_index } = row;
  if (number === null || hash === null || issued_at === null) return undefined;
  return {
    number: Number(number),
    tenantNumber: Number(tenant_number),
    hash: hash.toString('base64url'),
    issuedAt: issued_at,
    controlIndex: control_index === null ? undefined : Number(control_index),
  };
}
