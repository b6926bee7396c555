import { StaleNodeError } from '@mnv/erasure-tree';
import type { Place, TenantTree, TreeHead, TreeStore } from '@mnv/erasure-tree';
import { sql } from 'kysely';
import type { Kysely, QueryExecutorProvider } from 'kysely';
import { nodeColumns, nodeFrom, placeArrays, writableColumns } from './key-tree-rows.ts';
import type { NodeRow } from './key-tree-rows.ts';

/** A transaction (or connection) of whatever database type: the tree's tables are reached by plain SQL. */
export type KeyTreeTransaction = QueryExecutorProvider;

type TreeRow = { tenant_id: string; ordinal: string; height: number };
type HeadRow = { epoch: number; root_ref: string; sealed_top_key: Buffer };

/**
 * All SQL about `tree_head`, `tree` and `node`, at READ COMMITTED: a lock waits for the row's newest version,
 * and every write compares the version it was computed from.
 */
export function keyTreeRepository<Database>(db: Kysely<Database>): TreeStore<KeyTreeTransaction> {
  return {
    transaction: (work) => db.transaction().execute(work),
    async readHead(tx = db) {
      const { rows } =
        await sql<HeadRow>`select epoch, root_ref, sealed_top_key from tree_head`.execute(tx);
      return rows[0] && headFrom(rows[0]);
    },
    async lockHead(tx) {
      const { rows } =
        await sql<HeadRow>`select epoch, root_ref, sealed_top_key from tree_head for update`.execute(
          tx,
        );
      return rows[0] && headFrom(rows[0]);
    },
    async insertHead({ epoch, rootRef, sealedTopKey }, tx) {
      await sql`insert into tree_head (epoch, root_ref, sealed_top_key)
        values (${epoch}, ${rootRef}, ${sealedTopKey})`.execute(tx);
    },
    async updateHead({ fromEpoch, head: { epoch, rootRef, sealedTopKey } }, tx) {
      const { numAffectedRows } = await sql`
        update tree_head set epoch = ${epoch}, root_ref = ${rootRef}, sealed_top_key = ${sealedTopKey}
        where epoch = ${fromEpoch}`.execute(tx);
      requireAffected(numAffectedRows, 1);
    },
    async findTenant(tenantId, tx = db) {
      const { rows } = await sql<TreeRow>`
        select tenant_id, ordinal, height from tree where tenant_id = ${tenantId}`.execute(tx);
      return rows[0] && treeFrom(rows[0]);
    },
    async insertTenant(tenantId, tx) {
      const { rows } = await sql<TreeRow>`
        insert into tree (tenant_id, ordinal)
        select ${tenantId}, coalesce(max(ordinal), 0) + 1 from tree
        returning tenant_id, ordinal, height`.execute(tx);
      return treeFrom(rows[0] as TreeRow);
    },
    async takeLeaves({ tenantId, count }, tx) {
      const { rows } = await sql<TreeRow & { first: string; epoch: number }>`
        update tree set leaves = leaves + ${count} where tenant_id = ${tenantId}
        returning tenant_id, ordinal, height, leaves - ${count} as first,
          (select epoch from tree_head) as epoch`.execute(tx);
      const [row] = rows;
      if (row === undefined) throw new StaleNodeError();
      return { first: Number(row.first), tenant: treeFrom(row), epoch: row.epoch };
    },
    async setHeight({ tenantId, height }, tx) {
      await sql`update tree set height = ${height} where tenant_id = ${tenantId}`.execute(tx);
    },
    async readNodes(places, tx = db) {
      if (places.length === 0) return [];
      const { rows } = await selectNodes(places).execute(tx);
      return rows.map(nodeFrom);
    },
    async readLeaves({ tree, indices }, tx = db) {
      const { rows } = await sql<Pick<NodeRow, 'idx' | 'key_generation' | 'sealed'>>`
        select idx, key_generation, sealed from node
        where tree = ${tree} and level = 0 and idx = any(${indices}::bigint[])`.execute(tx);
      return rows.map((row) => ({
        index: Number(row.idx),
        keyGeneration: row.key_generation,
        sealed: row.sealed,
      }));
    },
    async lockNodes(places, tx) {
      if (places.length === 0) return [];
      const { rows } = await sql<NodeRow>`
        ${selectNodes(places)} order by n.tree, n.level, n.idx for update of n`.execute(tx);
      return rows.map(nodeFrom);
    },
    async lockOpenLeaf({ tree, whenLocked }, tx) {
      const { rows } = await sql<NodeRow>`
        select ${nodeColumns} from node n where n.tree = ${tree} and n.level = 0 and n.used < 64
        order by n.idx limit 1 for update ${whenLocked === 'skip' ? sql`skip locked` : sql``}`.execute(
        tx,
      );
      return rows[0] && nodeFrom(rows[0]);
    },
    async countOpenLeaves(tree, tx) {
      const { rows } = await sql<{ open: number }>`
        select count(*)::int as open from node where tree = ${tree} and level = 0 and used < 64`.execute(
        tx,
      );
      return rows[0]?.open ?? 0;
    },
    async insertNodes(nodes, tx) {
      if (nodes.length === 0) return;
      const { numAffectedRows } = await sql`
        insert into node (tree, level, idx, version, key_generation, epoch, used, sealed, slot_hashes,
          key_commitment, merkle_hash)
        select tree, level, idx, version, key_generation, epoch, used, sealed, slot_hashes, key_commitment,
          merkle_hash from ${writableColumns(nodes)}
        on conflict do nothing`.execute(tx);
      requireAffected(numAffectedRows, nodes.length);
    },
    async updateNodes(nodes, tx) {
      if (nodes.length === 0) return;
      const { numAffectedRows } = await sql`
        update node n set version = n.version + 1, key_generation = w.key_generation, epoch = w.epoch,
          used = w.used, sealed = w.sealed, slot_hashes = w.slot_hashes, key_commitment = w.key_commitment,
          merkle_hash = w.merkle_hash
        from ${writableColumns(nodes)}
        where n.tree = w.tree and n.level = w.level and n.idx = w.idx and n.version = w.version`.execute(
        tx,
      );
      requireAffected(numAffectedRows, nodes.length);
    },
  };
}

function selectNodes(places: readonly Place[]) {
  const { trees, levels, indices } = placeArrays(places);
  return sql<NodeRow>`select ${nodeColumns} from node n
    join unnest(${trees}::bigint[], ${levels}::smallint[], ${indices}::bigint[]) as p (tree, level, idx)
    on n.tree = p.tree and n.level = p.level and n.idx = p.idx`;
}

function headFrom({ epoch, root_ref, sealed_top_key }: HeadRow): TreeHead {
  return { epoch, rootRef: root_ref, sealedTopKey: sealed_top_key };
}

function treeFrom({ tenant_id, ordinal, height }: TreeRow): TenantTree {
  return { tenantId: tenant_id, ordinal: Number(ordinal), height };
}

function requireAffected(affected: bigint | undefined, expected: number): void {
  if (affected !== BigInt(expected)) throw new StaleNodeError();
}
