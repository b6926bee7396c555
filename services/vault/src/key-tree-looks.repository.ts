import type { Place, Scan, TreeStore } from '@mnv/erasure-tree';
import { sql } from 'kysely';
import type { QueryExecutorProvider, RawBuilder } from 'kysely';
import { placeArrays } from './key-tree-rows.repository.ts';

type PlaceRow = { tree: string; level: number; idx: string };
type Looks = Pick<
  TreeStore<QueryExecutorProvider>,
  'openLeaves' | 'placesBefore' | 'scanBefore' | 'countBefore' | 'staleTrees' | 'scanStale'
>;

/** What epochs and the live-key map look for in `node`: places only, no secrets. */
export function nodeLooks(db: QueryExecutorProvider): Looks {
  const scan = async ({ tree, level, after, limit }: Scan, wanted: RawBuilder<unknown>) => {
    const { rows } = await sql<PlaceRow>`
      select n.tree, n.level, n.idx from node n
      where n.tree = ${tree} and n.level = ${level} and n.idx > ${after} and ${wanted}
      order by n.idx limit ${limit}`.execute(db);
    return rows.map(placeFrom);
  };
  return {
    async openLeaves(tree) {
      const { rows } = await sql<PlaceRow>`
        select idx from node where tree = ${tree} and level = 0 and used < 64 order by idx`.execute(
        db,
      );
      return rows.map(({ idx }) => Number(idx));
    },
    async placesBefore({ places, epoch }) {
      if (places.length === 0) return [];
      const { trees, levels, indices } = placeArrays(places);
      const { rows } = await sql<PlaceRow>`
        select n.tree, n.level, n.idx from node n
        join unnest(${trees}::bigint[], ${levels}::smallint[], ${indices}::bigint[]) as p (tree, level, idx)
        on n.tree = p.tree and n.level = p.level and n.idx = p.idx
        where n.epoch < ${epoch} order by n.tree, n.level, n.idx`.execute(db);
      return rows.map(placeFrom);
    },
    scanBefore: ({ epoch, ...where }) => scan(where, sql`n.epoch < ${epoch}`),
    async countBefore(epoch) {
      const { rows } = await sql<{ nodes: string }>`
        select count(*) as nodes from node where epoch < ${epoch}`.execute(db);
      return Number(rows[0]?.nodes);
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
    scanStale: (where) => scan(where, sql`n.merkle_hash is null`),
  };
}

function placeFrom({ tree, level, idx }: PlaceRow): Place {
  return { tree: Number(tree), level, index: Number(idx) };
}
