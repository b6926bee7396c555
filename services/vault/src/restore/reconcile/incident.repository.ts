import { type Kysely, sql } from 'kysely';
import type { VaultDatabase } from '../../database.ts';

/** The open incident, and what the first of two persons has seen of it. */
export type Incident = {
  dueSince: Date;
  reason: string;
  dropped: number;
  proposal: { by: string; findings: string; ageMs: number } | undefined;
};

export async function findIncident(db: Kysely<VaultDatabase>): Promise<Incident | undefined> {
  const { rows } = await sql<{
    due_since: Date;
    reason: string;
    dropped: string;
    proposed_by: string | null;
    findings: string | null;
    age_ms: number | null;
  }>`select due_since, reason, dropped, proposed_by, findings,
      extract(epoch from now() - proposed_at)::float8 * 1000 as age_ms
    from reconciliation where done_at is null`.execute(db);
  const [row] = rows;
  if (row === undefined) return undefined;
  const { proposed_by: by, findings, age_ms: ageMs } = row;
  const proposal =
    by === null || findings === null || ageMs === null ? undefined : { by, findings, ageMs };
  return { dueSince: row.due_since, reason: row.reason, dropped: Number(row.dropped), proposal };
}

export async function propose(
  db: Kysely<VaultDatabase>,
  { by, findings }: { by: string; findings: string },
): Promise<void> {
  await sql`update reconciliation set proposed_by = ${by}, proposed_at = now(), findings = ${findings}
    where done_at is null`.execute(db);
}

export async function closeIncident(db: Kysely<VaultDatabase>, by: string): Promise<void> {
  await sql`update reconciliation set done_by = ${by}, done_at = now() where done_at is null`.execute(
    db,
  );
}

/**
 * Settles what older rows say of disposals: an epoch that has flipped since is not under way, a batch with a
 * record that is erased waits for nothing any more, and no number of an epoch is used twice.
 */
export function settleEpochs(
  db: Kysely<VaultDatabase>,
  { epoch, spent, rootRef }: { epoch: number; spent: number; rootRef: string },
): Promise<void> {
  return db.transaction().execute(async (trx) => {
    await sql`update epoch_job set state = 'aborted'
      where state not in ('done', 'aborted') and epoch <= ${epoch}`.execute(trx);
    await sql`insert into epoch_job (epoch, kind, state, log_from, root_from)
      select ${spent}, 'rotation', 'aborted', 0, ${rootRef}
      where ${spent} > 1 and not exists (select from epoch_job where epoch >= ${spent})`.execute(
      trx,
    );
  });
}

/** Stops every batch of a tenant that waits for nothing but records that are erased. */
export async function stopErasedBatches(
  trx: Kysely<VaultDatabase>,
  { tenantId, recordIds }: { tenantId: string; recordIds: readonly string[] },
): Promise<void> {
  await sql`
    with touched as (
      update disposal_item set open = false
      where tenant_id = ${tenantId} and record_id = any(${recordIds}::uuid[]) and open
      returning disposal_id
    )
    update disposal d set stopped_at = now()
    where d.disposal_id in (select disposal_id from touched) and d.stopped_at is null`.execute(trx);
}
