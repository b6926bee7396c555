import type { TreeStore } from '@mnv/erasure-tree';
import type { Kysely, QueryExecutorProvider } from 'kysely';
import { nodesBefore } from './key-tree-before.repository.ts';
import { treeHeads } from './key-tree-head.repository.ts';
import { nodeLooks } from './key-tree-looks.repository.ts';
import { nodeReads } from './key-tree-read.repository.ts';
import { tenantTreeRows } from './key-tree-tenant.repository.ts';
import { nodeWrites } from './key-tree-write.repository.ts';

/** A transaction (or connection) of whatever database type: the tree's tables are reached by plain SQL. */
export type KeyTreeTransaction = QueryExecutorProvider;

/** The key tree's store at READ COMMITTED. */
export function keyTreeRepository<Database>(db: Kysely<Database>): TreeStore<KeyTreeTransaction> {
  return {
    transaction: (work) => db.transaction().execute(work),
    ...treeHeads(db),
    ...tenantTreeRows(db),
    ...nodeReads(db),
    ...nodeLooks(db),
    ...nodesBefore(db),
    ...nodeWrites,
  };
}
