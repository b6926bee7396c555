import type { TreeStore } from '@mnv/erasure-tree';
import { sql } from 'kysely';
import type { QueryExecutorProvider } from 'kysely';
import { placeFrom } from './key-tree-rows.repository.ts';
import type { PlaceRow } from './key-tree-rows.repository.ts';

type Looks = Pick<TreeStore<QueryExecutorProvider>, 'openLeaves' | 'staleTrees' | 'scanStale'>;

/** What the live-key map looks for in `node`: places only, no secrets. */
export function nodeLooks(db: QueryExecutorProvider): Looks {
  return {
    async openLeaves(tree) {
      const { rows } = await sql<PlaceRow>`
        select idx from node where tree = ${tree} and level = 0 and used < 64 order by idx`.execute(
        db,
      );
      return rows.map(({ idx }) => Number(idx));
    },
    async staleTrees() {
      // From one tree to the next in the order of the index. All stale nodes at once would be read from the
      // table as a heap, with every version of them that is dead and not yet vacuumed.
      const { rows } = await sql<Pick<PlaceRow, 'tree'>>`
        with recursive stale (tree) as (
          (select tree from node where merkle_hash is null order by tree limit 1)
          union all
          select following.tree from stale cross join lateral (
            select n.tree from node n where n.merkle_hash is null and n.tree > stale.tree
            order by n.tree limit 1) as following
        )
        select tree from stale`.execute(db);
      return rows.map(({ tree }) => Number(tree));
    },
    async scanStale({ tree, level, after, limit }) {
      const { rows } = await sql<PlaceRow>`
        select tree, level, idx from node
        where tree = ${tree} and level = ${level} and idx > ${after} and merkle_hash is null
        order by idx limit ${limit}`.execute(db);
      return rows.map(placeFrom);
    },
  };
}
