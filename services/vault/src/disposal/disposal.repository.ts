import type { Kysely, Transaction } from 'kysely';
import { sql } from 'kysely';
import type { VaultDatabase } from '../database.ts';
import type { Disposal, DisposalState } from './disposal.ts';

type Db = Kysely<VaultDatabase>;
type Trx = Transaction<VaultDatabase>;

type Row = {
  disposal_id: string;
  tenant_id: string;
  case_id: string;
  batch_hash: Buffer;
  n: number;
  held: boolean;
  ordered: boolean;
  approvals: string[];
  epoch: number | null;
  job: string | null;
  stopped: boolean;
  stopped_index: string | null;
};

/** What a job's state says of the batches of its epoch. */
const STATE_OF_JOB: Record<string, DisposalState> = {
  planned: 'frozen',
  proved: 'frozen',
  aborting: 'frozen',
  aborted: 'frozen',
  intent: 'intent',
  rooted: 'intent',
  rekeying: 'rekeying',
  flipped: 'flipped',
  fenced: 'fenced',
  done: 'erased',
};

const COLUMNS = sql`d.disposal_id, d.tenant_id, d.case_id, d.batch_hash, d.n, d.held,
  d.ordered_at is not null as ordered, d.approvals, d.epoch, j.state as job,
  d.stopped_at is not null as stopped, d.stopped_index`;

type Named = { tenantId: string; disposalId: string };

export async function findDisposal(db: Db, named: Named): Promise<Disposal | undefined> {
  const { rows } = await sql<Row>`
    select ${COLUMNS} from disposal d left join epoch_job j using (epoch)
    where d.disposal_id = ${named.disposalId} and d.tenant_id = ${named.tenantId}`.execute(db);
  return rows[0] && disposalFrom(rows[0]);
}

/** The same, and nobody else changes it until the transaction ends. */
export async function lockDisposal(trx: Trx, named: Named): Promise<Disposal | undefined> {
  await sql`select from disposal where disposal_id = ${named.disposalId} for update`.execute(trx);
  return findDisposal(trx, named);
}

/** False when the id is taken. */
export async function insertDisposal(
  trx: Trx,
  { disposalId, tenantId, caseId, batchHash, count }: Omit<Disposal, 'state'>,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    insert into disposal (disposal_id, tenant_id, case_id, batch_hash, n)
    values (${disposalId}, ${tenantId}, ${caseId}, ${Buffer.from(batchHash, 'base64url')}, ${count})
    on conflict do nothing`.execute(trx);
  return numAffectedRows === 1n;
}

export async function markOrdered(
  trx: Trx,
  disposalId: string,
  approvals: number[],
): Promise<void> {
  await sql`update disposal set ordered_at = clock_timestamp(), held = false,
    approvals = ${approvals}::bigint[] where disposal_id = ${disposalId}`.execute(trx);
}

/** Takes a batch out of the queue and out of its epoch. */
export async function withdrawOrder(trx: Trx, disposalId: string): Promise<void> {
  await sql`update disposal set ordered_at = null, epoch = null, approvals = '{}'
    where disposal_id = ${disposalId}`.execute(trx);
}

export async function markHeld(trx: Trx, disposalId: string): Promise<void> {
  await sql`update disposal set held = true where disposal_id = ${disposalId}`.execute(trx);
}

export async function markStopped(trx: Trx, disposalId: string): Promise<void> {
  await sql`update disposal set stopped_at = now() where disposal_id = ${disposalId}`.execute(trx);
}

export async function keepStoppedIndex(db: Db, disposalId: string, index: number): Promise<void> {
  await sql`update disposal set stopped_index = ${index} where disposal_id = ${disposalId}`.execute(
    db,
  );
}

/** How many records of a tenant live, those in a freeze included. */
export async function countLiving(trx: Trx, tenantId: string): Promise<number> {
  const { rows } = await sql<{ living: string }>`
    select count(*) as living from number_record
    where tenant_id = ${tenantId} and disposed_at is null`.execute(trx);
  return Number(rows[0]?.living);
}

function disposalFrom(row: Row): Disposal {
  return {
    disposalId: row.disposal_id,
    tenantId: row.tenant_id,
    caseId: row.case_id,
    batchHash: row.batch_hash.toString('base64url'),
    count: row.n,
    held: row.held,
    state: stateOf(row),
    epoch: row.epoch ?? undefined,
    approvals: row.approvals.map(Number),
    stoppedIndex: row.stopped_index === null ? undefined : Number(row.stopped_index),
  };
}

function stateOf({ stopped, ordered, job }: Row): DisposalState {
  if (stopped) return 'stopped';
  if (!ordered) return 'requested';
  return (job === null ? undefined : STATE_OF_JOB[job]) ?? 'frozen';
}
