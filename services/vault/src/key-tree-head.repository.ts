import type { TreeHead, TreeStore } from '@mnv/erasure-tree';
import { sql } from 'kysely';
import type { QueryExecutorProvider } from 'kysely';
import { requireAffected } from './key-tree-affected.ts';

type HeadRow = { epoch: number; root_ref: string; sealed_top_key: Buffer };
type Heads = Pick<
  TreeStore<QueryExecutorProvider>,
  'readHead' | 'lockHead' | 'insertHead' | 'updateHead'
>;

/** Any number that no other advisory lock of this database uses. */
const HEAD_LOCK = 7_401_001;

/** All SQL about `tree_head`, the one row that names the root version. */
export function treeHeads(db: QueryExecutorProvider): Heads {
  return {
    async readHead(tx = db) {
      const { rows } =
        await sql<HeadRow>`select epoch, root_ref, sealed_top_key from tree_head`.execute(tx);
      return rows[0] && headFrom(rows[0]);
    },
    async lockHead(tx) {
      // A row lock alone would not hold while there is no row yet.
      await sql`select pg_advisory_xact_lock(${HEAD_LOCK})`.execute(tx);
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
  };
}

function headFrom({ epoch, root_ref, sealed_top_key }: HeadRow): TreeHead {
  return { epoch, rootRef: root_ref, sealedTopKey: sealed_top_key };
}
