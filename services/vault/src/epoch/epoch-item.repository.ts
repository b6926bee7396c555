import type { EvidenceEgress } from '@mnv/disposal-certificate';
import type { ErasedSlot } from '@mnv/erasure-tree';
import type { Kysely, QueryExecutorProvider, Transaction } from 'kysely';
import { sql } from 'kysely';
import { withTenant } from '@mnv/service-kit';
import type { VaultDatabase } from '../database.ts';
import type { EpochBatch } from './epoch-job.ts';

type Db = Kysely<VaultDatabase>;
type Trx = Transaction<VaultDatabase>;
type Batch = Pick<EpochBatch, 'disposalId' | 'tenantId'>;

/** What is kept of a record of a batch. */
export type KeptItem = {
  recordId: string;
  tree: number;
  position: number;
  dekCommitment: Buffer | null;
  proofBefore: Buffer | null;
  proofAfter: Buffer | null;
  /** What had been released of it when the epoch was planned. */
  egress: EvidenceEgress | null;
};

/** Positions of a batch's records, in batch order. */
export async function positionsOf(db: Db, { tenantId, disposalId }: Batch): Promise<number[]> {
  return withTenant(db, tenantId, async (trx) => {
    const { rows } = await sql<{ position: string }>`
      select position from disposal_item where disposal_id = ${disposalId} order by at`.execute(
      trx,
    );
    return rows.map(({ position }) => Number(position));
  });
}

/** Items of a batch from a place on, in batch order. */
export async function readItems(
  db: Db,
  { tenantId, disposalId }: Batch,
  { from, limit }: { from: number; limit: number },
): Promise<KeptItem[]> {
  return withTenant(db, tenantId, async (trx) => {
    const { rows } = await sql<KeptItem & { position: string }>`
      select record_id as "recordId", tree, position, dek_commitment as "dekCommitment",
        proof_before as "proofBefore", proof_after as "proofAfter", egress
      from disposal_item where disposal_id = ${disposalId} and at >= ${from} and at < ${from + limit}
      order by at`.execute(trx);
    return rows.map((row) => ({ ...row, position: Number(row.position) }));
  });
}

/** A proof of one position, as bytes. */
export type KeptProof = { position: number; proof: Buffer };

/** Keeps proofs of a batch's positions, in a transaction that has the tenant set. */
export async function keepProofs(
  trx: Trx,
  { disposalId }: Batch,
  { when, proofs }: { when: 'before' | 'after'; proofs: readonly KeptProof[] },
): Promise<void> {
  const column = sql.ref(when === 'before' ? 'proof_before' : 'proof_after');
  const { numAffectedRows } = await sql`
    update disposal_item i set ${column} = p.proof
    from unnest(${proofs.map(({ position }) => position)}::bigint[],
      ${proofs.map(({ proof }) => proof)}::bytea[]) as p(position, proof)
    where i.disposal_id = ${disposalId} and i.position = p.position`.execute(trx);
  if (numAffectedRows !== BigInt(proofs.length)) throw new Error('a proof is of no item');
}

/**
 * In the transaction that drops the keys: the records are disposed of for good, their sealed bytes dropped,
 * and who follows the records is told.
 */
export async function disposeOf(
  tx: QueryExecutorProvider,
  epoch: number,
  slots: readonly ErasedSlot[],
): Promise<void> {
  for (const [tenantId, erased] of Map.groupBy(slots, (slot) => slot.tenantId)) {
    await sql`select set_config('app.tenant', ${tenantId}, true)`.execute(tx);
    const { numAffectedRows } = await sql`
      with erased as (
        update disposal_item i set dek_commitment = s.commitment
        from unnest(${erased.map(({ position }) => position)}::bigint[],
          ${erased.map(({ dekCommitment }) => dekCommitment)}::bytea[]) as s(position, commitment),
          disposal d
        where i.tenant_id = ${tenantId} and i.position = s.position and i.open
          and d.disposal_id = i.disposal_id and d.epoch = ${epoch}
        returning i.record_id
      )
      insert into record_event (kind, tenant_id, record_id)
      select 'erased', ${tenantId}, disposed
      from dispose_of_records(${tenantId}, (select array_agg(record_id) from erased)) as disposed
      `.execute(tx);
    if (numAffectedRows !== BigInt(erased.length))
      throw new Error('a key that is dropped is not that of one record of the epoch');
  }
}
