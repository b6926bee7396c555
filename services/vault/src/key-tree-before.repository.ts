import type { Place, TreeStore } from '@mnv/erasure-tree';
import { sql } from 'kysely';
import type { QueryExecutorProvider } from 'kysely';
import { placeArrays, placeFrom } from './key-tree-rows.repository.ts';
import type { PlaceRow } from './key-tree-rows.repository.ts';

type AgedRow = PlaceRow & { before: boolean };
type Looks = Pick<TreeStore<QueryExecutorProvider>, 'placesBefore' | 'scanBefore' | 'countBefore'>;

/** How many nodes a statement looks at, however large the trees are. */
const LOOK = 1024;
const BEFORE_ALL: Place = { tree: -1, level: 0, index: 0 };

/** The nodes whose keys were made before an epoch: places only, no secrets. */
export function nodesBefore(db: QueryExecutorProvider): Looks {
  return {
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
    // By itself one statement would pass over all that is done: the whole of a tree, once a rotation is.
    async scanBefore({ tree, level, after, limit, epoch }) {
      for (let from = after; ; ) {
        const { rows } = await sql<AgedRow>`
          select tree, level, idx, epoch < ${epoch} as before from node
          where tree = ${tree} and level = ${level} and idx > ${from}
          order by idx limit ${limit}`.execute(db);
        const found = rows.filter(({ before }) => before);
        const last = rows.at(-1);
        if (found.length > 0 || last === undefined) return found.map(placeFrom);
        from = placeFrom(last).index;
      }
    },
    async countBefore(epoch) {
      let [count, after] = [0, BEFORE_ALL];
      for (;;) {
        const { rows } = await sql<AgedRow>`
          select tree, level, idx, epoch < ${epoch} as before from node
          where (tree, level, idx) > (${after.tree}, ${after.level}, ${after.index})
          order by tree, level, idx limit ${LOOK}`.execute(db);
        const last = rows.at(-1);
        if (last === undefined) return count;
        count += rows.filter(({ before }) => before).length;
        after = placeFrom(last);
      }
    },
  };
}
