import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { VaultDatabase } from '../database.ts';
import type { EpochBatch, EpochKind } from './epoch-job.ts';

type Db = Kysely<VaultDatabase>;
type Trx = Transaction<VaultDatabase>;

type Row = {
  disposal_id: string;
  tenant_id: string;
  batch_hash: Buffer;
  n: number;
  approvals: string[];
};

const COLUMNS = sql`disposal_id, tenant_id, batch_hash, n, approvals`;

/** Whether an epoch is open, or something waits for one: what an idle instance asks again and again. */
export async function isAnythingToDo(db: Db): Promise<boolean> {
  const { rows } = await sql<{ due: boolean }>`
    select exists (select from epoch_job where state not in ('done', 'aborted'))
      or exists (select from disposal where ordered_at is not null and epoch is null)
      or exists (select from rotation where epoch is null) as due`.execute(db);
  return rows[0]?.due === true;
}

/** Ordered batches that no epoch has taken, oldest first; none before the oldest has waited so long. */
export async function findWaiting(db: Db, settleMs: number): Promise<EpochBatch[]> {
  const { rows } = await sql<Row & { settled: boolean }>`
    select ${COLUMNS}, ordered_at <= clock_timestamp() - make_interval(secs => ${settleMs / 1000}) as settled
    from disposal where ordered_at is not null and epoch is null
    order by ordered_at, disposal_id`.execute(db);
  return rows[0]?.settled ? rows.map(batchFrom) : [];
}

export async function findWaitingRotation(db: Db): Promise<string | undefined> {
  const { rows } = await sql<{ rotation_id: string }>`
    select rotation_id from rotation where epoch is null order by requested_at limit 1`.execute(db);
  return rows[0]?.rotation_id;
}

/** The batches of an epoch in the order of its manifest. */
export async function batchesOfEpoch(db: Db | Trx, epoch: number): Promise<EpochBatch[]> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from disposal where epoch = ${epoch} order by ordered_at, disposal_id`.execute(
    db,
  );
  return rows.map(batchFrom);
}

export type PlannedEpoch = {
  epoch: number;
  kind: EpochKind;
  logFrom: number;
  rootFrom: string;
  disposalIds: readonly string[];
};

/** Opens a job. A second open one is refused by the database; answers how many batches it took. */
export async function insertJob(trx: Trx, planned: PlannedEpoch): Promise<number> {
  const { epoch, kind, logFrom, rootFrom } = planned;
  await sql`insert into epoch_job (epoch, kind, log_from, root_from)
    values (${epoch}, ${kind}, ${logFrom}, ${rootFrom})`.execute(trx);
  const { numAffectedRows } = await sql`
    update disposal set epoch = ${epoch}
    where disposal_id = any(${planned.disposalIds}::uuid[]) and ordered_at is not null and epoch is null
    `.execute(trx);
  return Number(numAffectedRows);
}

/** A rotation gives every node a fresh key: it answers all orders for one that were waiting. */
export async function assignRotations(trx: Trx, epoch: number): Promise<void> {
  await sql`update rotation set epoch = ${epoch} where epoch is null`.execute(trx);
}

/** What an aborted epoch had taken waits again. */
export async function returnToQueue(trx: Trx, epoch: number): Promise<void> {
  await sql`update disposal set epoch = null where epoch = ${epoch}`.execute(trx);
  await sql`update rotation set epoch = null where epoch = ${epoch}`.execute(trx);
}

/** Marks an epoch for aborting while it has not begun to drop keys. False once it has. */
export async function abortIfReversible(trx: Trx, epoch: number): Promise<boolean> {
  const { rows } = await sql`
    update epoch_job set state = 'aborting'
    where epoch = ${epoch} and state in ('planned', 'proved', 'intent', 'rooted', 'aborting')
    returning epoch`.execute(trx);
  return rows.length === 1;
}

function batchFrom(row: Row): EpochBatch {
  return {
    disposalId: row.disposal_id,
    tenantId: row.tenant_id,
    batchHash: row.batch_hash.toString('base64url'),
    count: row.n,
    approvals: row.approvals.map(Number),
  };
}
