import type { ExportHeader, ExportedTenant, TreeNode } from '@mnv/erasure-tree';
import type pg from 'pg';

/** How far the key tree of a database is: its epoch, and how often its nodes were written in all. */
export type TreeAge = { epoch: number; writes: number };

/** The age of the tree that is there; epoch 0 when there is none. */
export async function ageOfTree(client: pg.ClientBase): Promise<TreeAge> {
  const { rows } = await client.query<{ epoch: number; writes: string }>(`
    select coalesce((select epoch from tree_head), 0) as epoch,
      (select coalesce(sum(version), 0) from node) as writes`);
  return { epoch: rows[0]?.epoch ?? 0, writes: Number(rows[0]?.writes) };
}

/** Empties the tables of the key tree, for what follows in the same transaction. */
export async function clearTree(client: pg.ClientBase): Promise<void> {
  await client.query('lock table tree_head, tree, node in access exclusive mode');
  await client.query('delete from node');
  await client.query('delete from tree');
  await client.query('delete from tree_head');
}

export async function insertHead(client: pg.ClientBase, { head }: ExportHeader): Promise<void> {
  await client.query(
    'insert into tree_head (epoch, root_ref, sealed_top_key) values ($1, $2, $3)',
    [head.epoch, head.rootRef, head.sealedTopKey],
  );
}

export async function insertTenant(
  client: pg.ClientBase,
  { tenantId, ordinal, height, leaves }: ExportedTenant,
): Promise<void> {
  await client.query(
    'insert into tree (tenant_id, ordinal, height, leaves) values ($1, $2, $3, $4)',
    [tenantId, ordinal, height, leaves],
  );
}

export async function insertNodes(
  client: pg.ClientBase,
  nodes: readonly TreeNode[],
): Promise<void> {
  if (nodes.length === 0) return;
  const column = <T>(read: (node: TreeNode) => T) => nodes.map(read);
  await client.query(
    `insert into node (tree, level, idx, version, key_generation, epoch, used, sealed, slot_hashes,
       key_commitment, merkle_hash)
     select * from unnest($1::bigint[], $2::smallint[], $3::bigint[], $4::bigint[], $5::int[], $6::int[],
       $7::smallint[], $8::bytea[], $9::bytea[], $10::bytea[], $11::bytea[])`,
    [
      column(({ place }) => place.tree),
      column(({ place }) => place.level),
      column(({ place }) => place.index),
      column(({ version }) => version),
      column(({ keyGeneration }) => keyGeneration),
      column(({ epoch }) => epoch),
      column(({ used }) => used),
      column(({ sealed }) => sealed),
      column(({ slotHashes }) => slotHashes),
      column(({ keyCommitment }) => keyCommitment),
      column(({ merkleHash }) => merkleHash ?? null),
    ],
  );
}
