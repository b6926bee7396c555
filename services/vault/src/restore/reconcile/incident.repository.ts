import { type Kysely, type Transaction, sql } from 'kysely';
import type { VaultDatabase } from '../../database.ts';
import { closeItems, releaseFromFreeze } from '../../disposal/disposal-item.repository.ts';
import { markStopped, withdrawOrder } from '../../disposal/disposal.repository.ts';
import { returnToQueue } from '../../epoch/epoch-queue.repository.ts';

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
 * Settles what older rows say of epochs: one that has flipped or was given up since is not under way, what it had
 * taken waits again, and no number of an epoch is used twice.
 */
export function settleEpochs(
  db: Kysely<VaultDatabase>,
  { epoch, spent, rootRef }: { epoch: number; spent: number; rootRef: string },
): Promise<void> {
  return db.transaction().execute(async (trx) => {
    const { rows: over } = await sql<{ epoch: number }>`
      update epoch_job set state = 'aborted'
      where state not in ('done', 'aborted') and epoch <= ${epoch} returning epoch`.execute(trx);
    for (const job of over) await returnToQueue(trx, job.epoch);
    await sql`insert into epoch_job (epoch, kind, state, log_from, root_from)
      select ${spent}, 'rotation', 'aborted', 0, ${rootRef}
      where ${spent} > 1 and not exists (select from epoch_job where epoch >= ${spent})`.execute(
      trx,
    );
  });
}

/**
 * Stops every batch of a tenant that waits for a record that is erased: it cannot be erased as it was approved.
 * Records of it that live are read again, and can be in another batch.
 */
export async function stopErasedBatches(
  trx: Transaction<VaultDatabase>,
  { tenantId, recordIds }: { tenantId: string; recordIds: readonly string[] },
): Promise<void> {
  const { rows } = await sql<{ disposal_id: string }>`
    select distinct disposal_id from disposal_item
    where tenant_id = ${tenantId} and record_id = any(${recordIds}::uuid[]) and open`.execute(trx);
  for (const { disposal_id: disposalId } of rows) {
    await withdrawOrder(trx, disposalId);
    await releaseFromFreeze(trx, { tenantId, disposalId });
    await markStopped(trx, disposalId);
    await closeItems(trx, { tenantId, disposalId });
  }
}
