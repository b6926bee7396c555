import type { Place, TreeStore } from '@mnv/erasure-tree';
import { sql } from 'kysely';
import type { QueryExecutorProvider } from 'kysely';
import { nodeColumns, nodeFrom, placeArrays } from './key-tree-rows.repository.ts';
import type { NodeRow } from './key-tree-rows.repository.ts';

type Reads = Pick<
  TreeStore<QueryExecutorProvider>,
  'readNodes' | 'readLeaves' | 'lockNodes' | 'lockOpenLeaf'
>;

/** Reads and locks of `node`. A lock waits for the row's newest version. */
export function nodeReads(db: QueryExecutorProvider): Reads {
  return {
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
    async lockOpenLeaf(tree, tx) {
      const { rows } = await sql<NodeRow>`
        select ${nodeColumns} from node n where n.tree = ${tree} and n.level = 0 and n.used < 64
        order by n.idx limit 1 for update skip locked`.execute(tx);
      return rows[0] && nodeFrom(rows[0]);
    },
  };
}

function selectNodes(places: readonly Place[]) {
  const { trees, levels, indices } = placeArrays(places);
  return sql<NodeRow>`select ${nodeColumns} from node n
    join unnest(${trees}::bigint[], ${levels}::smallint[], ${indices}::bigint[]) as p (tree, level, idx)
    on n.tree = p.tree and n.level = p.level and n.idx = p.idx`;
}
